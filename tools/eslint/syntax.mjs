const restrict = (selector, message) => ({ selector, message });

/** Forms that the house does without everywhere. */
export const syntax = [
  restrict('TSImportType', 'Import the type at the top of the file: an import inside a type hides from the walls.'),
  restrict('TSAsExpression > TSNeverKeyword', '"as never" silences the compiler: give the value its type.'),
];

/** Pure code gets chance and time as arguments. */
export const chanceAndTime = [
  restrict(
    'MemberExpression[object.name="Math"][property.name="random"]',
    'Chance comes in as an argument (a seeded generator).',
  ),
  restrict('MemberExpression[object.name="Date"][property.name="now"]', 'Time comes in as an argument (asOf).'),
  restrict('NewExpression[callee.name="Date"][arguments.length=0]', 'Time comes in as an argument (asOf).'),
  restrict('Identifier[name="performance"]', 'Time comes in as an argument (asOf).'),
];

/** Tests are seeded, whole and say nothing of time; measurements live in tools/bench. */
export const testSyntax = [
  restrict(
    'MemberExpression[object.name="Math"][property.name="random"]',
    'A test is seeded: use a generator with a seed.',
  ),
  restrict(
    'MemberExpression[object.name="performance"][property.name="now"]',
    'Timings are never tests: measure in tools/bench.',
  ),
  restrict(
    'MemberExpression[object.name="process"][property.name="hrtime"]',
    'Timings are never tests: measure in tools/bench.',
  ),
  restrict(
    'CallExpression[callee.name="expect"] MemberExpression[object.name="Date"][property.name="now"]',
    'Timings are never tests: measure in tools/bench.',
  ),
  restrict(
    'CallExpression[callee.type="MemberExpression"][callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]',
    'Every test runs, always.',
  ),
  restrict('CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]', 'Every test runs, always.'),
];

/** Globals of Node that code for any place does without. */
export const nodeGlobals = [
  'process',
  'Buffer',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setImmediate',
  'global',
].map((name) => ({ name, message: 'This room has no Node.' }));

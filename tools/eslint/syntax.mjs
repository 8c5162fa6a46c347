const restrict = (selector, message) => ({ selector, message });

/** Forms that the house does without everywhere. */
export const syntax = [
  restrict('TSImportType', 'Import the type at the top of the file: an import inside a type hides from the walls.'),
  restrict('TSAsExpression > TSNeverKeyword', '"as never" silences the compiler: give the value its type.'),
];

const chance = 'Chance comes in as an argument (a seeded generator).';
const time = 'Time comes in as an argument (asOf).';

/** Pure code gets chance and time as arguments. Whoever hands `Math` or `Date` on as a whole, or takes it apart, hands on both. */
export const chanceAndTime = [
  restrict('MemberExpression[object.name="Math"][property.name="random"]', chance),
  restrict('MemberExpression[object.name="Math"][computed=true]', chance),
  restrict(':not(MemberExpression, TSTypeQuery) > Identifier[name="Math"]', chance),
  restrict('MemberExpression[object.name="Date"][property.name="now"]', time),
  restrict('MemberExpression[object.name="Date"][computed=true]', time),
  restrict('NewExpression[callee.name="Date"][arguments.length=0]', time),
  restrict('NewExpression > Identifier.arguments[name="Date"]', time),
  restrict(
    ':not(MemberExpression, NewExpression, BinaryExpression[operator="instanceof"], TSTypeReference, TSTypeQuery) > Identifier[name="Date"]',
    time,
  ),
  restrict('Identifier[name="performance"]', time),
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

const refused = (message, names) => names.map((name) => ({ name, message }));

/** Globals that code for any place does without: Node's, ways to other names of them, chance, timers and the network. */
export const impureGlobals = [
  ...refused('This room has no Node.', [
    'process',
    'Buffer',
    'require',
    'module',
    '__dirname',
    '__filename',
    'setImmediate',
    'clearImmediate',
  ]),
  ...refused('A global is called by its name, so that the walls see it.', [
    'global',
    'globalThis',
    'self',
    'eval',
    'Function',
  ]),
  ...refused('Chance comes in as an argument (a seeded generator).', ['crypto', 'Crypto']),
  ...refused('This room waits for nothing: what it computes depends on its arguments alone.', [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'queueMicrotask',
  ]),
  ...refused('This room asks nobody: what it needs comes in as an argument.', [
    'fetch',
    'WebSocket',
    'EventSource',
    'XMLHttpRequest',
    'navigator',
  ]),
];

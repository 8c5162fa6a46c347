import { Directive } from '@nestjs/graphql';
import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql';
import type { Role } from '@haat/kit';

/**
 * Which scope a field asks for beside its role: a domain; the domain of the model that a place names (`model` is
 * `packaging/damage`, or `packaging/damage@3`): an argument of a root field, a property of the object of any other; or none.
 */
export type AccessScope = string | { readonly of: string };

/**
 * Who may read a field, or all fields of a type that say nothing of their own. Printed to the SDL as `@access`, which is what
 * enforcement and its tests read.
 */
export function Access(role: Role, scope?: AccessScope): ClassDecorator & MethodDecorator & PropertyDecorator {
  const asked =
    scope === undefined ? '' : typeof scope === 'string' ? `, scope: "${scope}"` : `, scopeOf: "${scope.of}"`;
  return Directive(`@access(role: "${role}"${asked})`);
}

export const accessDirective = new GraphQLDirective({
  name: 'access',
  description: 'Least role and, where named, the scope that a field asks for.',
  locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.OBJECT],
  args: {
    role: { type: new GraphQLNonNull(GraphQLString), description: 'reader, operator or admin.' },
    scope: { type: GraphQLString, description: 'A domain.' },
    scopeOf: { type: GraphQLString, description: 'Where the name of the model stands whose domain is the scope.' },
  },
});

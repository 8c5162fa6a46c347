import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError } from 'graphql';

/** Takes names of the schema out of what is said of an invalid query. */
export function noSuggestions(): GatewayPlugin {
  return {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult((result as readonly GraphQLError[]).map(unsuggestive)),
  };
}

/** graphql-js ends the message about an unknown name with names that are like it. */
export function unsuggestive(error: GraphQLError): GraphQLError {
  const { nodes, source, positions, path, extensions } = error;
  const message = error.message.replace(/ Did you mean [^]*\?$/, '');
  return message === error.message ? error : new GraphQLError(message, { nodes, source, positions, path, extensions });
}

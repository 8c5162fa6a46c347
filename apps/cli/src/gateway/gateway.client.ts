import { HAAT, DomainError } from '@haat/kit';
import { createClient } from 'graphql-sse';

import { cliError } from '../cli.errors.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };
}

interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
}

/** Milliseconds that one request may take. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Asks the gateway. */
export class GatewayClient {
  /** `token` answers a JWT or an API key; without one the gateway says what it wants. */
  constructor(
    readonly url: string,
    private readonly token: () => Promise<string | null> = async () => null,
  ) {}

  /**
   * The data of a query. The first error of the answer is thrown with the code that the gateway gave it.
   * @throws GATEWAY_UNREACHABLE, NOT_A_GATEWAY, and whatever the gateway answers
   */
  async ask<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    const { data, errors } = await this.answer<Data>(query, variables);
    if (errors?.length) throw thrownBy(errors[0]);
    if (data === null || data === undefined) throw this.stranger('it answers without data');
    return data;
  }

  /** The whole answer, with data and errors side by side. */
  async answer<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<GraphqlAnswer<Data>> {
    const credentials = await this.credentials();
    let response: Response;
    try {
      response = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...credentials,
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
    } catch (cause) {
      throw cliError(
        'GATEWAY_UNREACHABLE',
        `Nothing answers at ${this.url} (${reasonOf(cause)}). Start Haat with: ${HAAT} up. If it runs elsewhere, name its address with --url or HAAT_URL`,
        { url: this.url },
        cause,
      );
    }
    const text = await response.text();
    let answer: GraphqlAnswer<Data>;
    try {
      answer = JSON.parse(text) as GraphqlAnswer<Data>;
    } catch {
      throw this.stranger(`it answers with status ${response.status} and no JSON`);
    }
    if (answer.data === undefined && !answer.errors?.length)
      throw this.stranger(`it answers with status ${response.status}`);
    return answer;
  }

  /** What a subscription tells, over server-sent events, until it ends. Throws where there is none, or where it breaks off. */
  async *follow<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): AsyncGenerator<Data, void> {
    const client = createClient({ url: this.url, headers: () => this.credentials(), retryAttempts: 0 });
    const stop = () => client.dispose();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const { data, errors } of client.iterate<Data>({ query, variables: { ...variables } })) {
        if (errors?.length) throw thrownBy(errors[0] as GraphqlError);
        if (data) yield data;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  private async credentials(): Promise<Record<string, string>> {
    const token = await this.token();
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }

  /** What to throw when the answer cannot be that of the gateway. */
  stranger(what: string) {
    return cliError(
      'NOT_A_GATEWAY',
      `What listens at ${this.url} is not Haat's gateway: ${what}. Check --url or HAAT_URL`,
      {
        url: this.url,
      },
    );
  }
}

/** An error of the gateway as ours. */
export function thrownBy({ message, path, extensions }: GraphqlError): DomainError {
  const details = { ...extensions?.details, ...(path && { path: path.join('.') }) };
  return new DomainError(extensions?.code ?? 'GRAPHQL', 'caller', message, details);
}

function reasonOf(cause: unknown): string {
  const inner = (cause as Error).cause as NodeJS.ErrnoException | undefined;
  return inner?.code ?? (cause as Error).message;
}

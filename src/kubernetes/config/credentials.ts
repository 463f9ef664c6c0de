/** Proof of who we are, as headers and as a client certificate. */
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import type { ClusterConfig } from './cluster-config.ts';
import { execAuthenticator } from './exec-plugin.ts';
import { TokenFile } from './token-file.ts';

export interface ClientCertificate {
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface Credentials {
  /** Headers of the next request. Rejects if a token cannot be had. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** The certificate of the next connection; files are read again each time, as certificates rotate. */
  certificate(): Promise<ClientCertificate>;
  /** The server did not accept the last ones (401): whatever was remembered is to be had anew. */
  forget(): void;
}

/** The credentials that a configuration calls for. A plugin or a file wins over what is written in the kubeconfig. */
export function credentialsOf(config: ClusterConfig, tokenAge: number): Credentials {
  const { user, tokenFile } = config;
  if (user.exec !== undefined && user.exec !== null) return new PluginCredentials(user, execAuthenticator);
  if (user.authProvider !== undefined && user.authProvider !== null)
    return new PluginCredentials(user, providerAuthenticator);
  const file = tokenFile === undefined ? undefined : new TokenFile(tokenFile, tokenAge);
  return {
    async headers() {
      const token = file === undefined ? user.token : await file.read();
      return { ...impersonation(user), ...authorization(user, token) };
    },
    certificate: () => certificateOf(user),
    forget: () => file?.forget(),
  };
}

function authorization(user: User, token: string | undefined): Record<string, string> {
  if (token) return { authorization: `Bearer ${token.trim()}` };
  if (!user.username) return {};
  return {
    authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`,
  };
}

function impersonation({ impersonateUser }: User): Record<string, string> {
  return impersonateUser ? { 'impersonate-user': impersonateUser } : {};
}

async function certificateOf({ certFile, certData, keyFile, keyData }: User): Promise<ClientCertificate> {
  const cert = await fileOrData(certFile, certData);
  const key = await fileOrData(keyFile, keyData);
  return { ...(cert && { cert }), ...(key && { key }) };
}

/** The content of a file, or base64 data of a kubeconfig; the file wins as for kubectl. */
export async function fileOrData(
  file: string | undefined,
  data: string | undefined,
): Promise<Buffer | undefined> {
  if (file) return readFile(file);
  return data ? Buffer.from(data, 'base64') : undefined;
}

/** Loads the authenticator of a user. A new one remembers nothing. */
type AuthenticatorFactory = (user: User) => Promise<{ authenticator: Authenticator; user: User }>;

// OpenID Connect brings 80 MB of modules: only for those who use it.
const providerAuthenticator: AuthenticatorFactory = async (user) => {
  const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
  const authenticator = new OpenIDConnectAuth();
  if (authenticator.isAuthProvider(user)) return { authenticator, user };
  throw new Error(
    `The auth-provider "${String(user.authProvider.name)}" of user "${user.name}" is not supported`,
  );
};

/** Credentials from an authenticator of client-node: an exec plugin or an OpenID Connect provider. */
class PluginCredentials implements Credentials {
  readonly #user: User;
  readonly #factory: AuthenticatorFactory;
  #loaded: ReturnType<AuthenticatorFactory> | undefined;

  constructor(user: User, factory: AuthenticatorFactory) {
    this.#user = user;
    this.#factory = factory;
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { headers } = await this.#apply();
    const { Authorization } = (headers ?? {}) as Record<string, unknown>;
    return {
      ...impersonation(this.#user),
      ...(typeof Authorization === 'string' && { authorization: Authorization }),
    };
  }

  async certificate(): Promise<ClientCertificate> {
    const { cert, key } = await this.#apply();
    if (typeof cert !== 'string' || typeof key !== 'string') return certificateOf(this.#user);
    return { cert, key };
  }

  forget(): void {
    this.#loaded = undefined;
  }

  async #apply(): Promise<RequestOptions> {
    this.#loaded ??= this.#factory(this.#user);
    const options: RequestOptions = { headers: {} };
    try {
      const { authenticator, user } = await this.#loaded;
      await authenticator.applyAuthentication(user, options);
    } catch (cause) {
      this.#loaded = undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot get credentials for user "${this.#user.name}": ${reason.trim()}`, { cause });
    }
    return options;
  }
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Speaks the protocol of AWS STS as far as AssumeRole goes. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export class RolesServer {
  /** Roles that were taken, in order. */
  readonly taken: string[] = [];
  readonly #server = createServer((request, response) => {
    void (async () => {
      const asked = new URLSearchParams(Buffer.concat(await request.toArray() as Buffer[]).toString());
      this.taken.push(asked.get('RoleArn') ?? '');
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      response.setHeader('content-type', 'text/xml').end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>of-the-role</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
    })();
  });

  static async start(): Promise<RolesServer> {
    const service = new RolesServer();
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

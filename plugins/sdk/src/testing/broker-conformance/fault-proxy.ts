import { connect, createServer, type Server, type Socket } from 'node:net';

import { type Channel, type FalseAnswer, type Gate, Link, type StreamFault } from './proxy-link.ts';

/**
 * A TCP proxy to a port on loopback that breaks connections in chosen ways. Where the protocol is HTTP it tells
 * streams (WebSockets, without compression) from requests; other connections are streams. What is set
 * holds for connections to come as for those that there are.
 */
export class FaultProxy {
  readonly url: string;
  /** Ever made to it. */
  connections = 0;
  /** Of the kind that carries a stream. */
  streams = 0;
  /** Of streams, from the venue. */
  messages = 0;
  /** From clients, refused connections not counted. */
  bytes = 0;
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly gates = new Map<string, Gate>();
  private isRefusing = false;
  private answers: FalseAnswer[] = [];
  private streamFault: StreamFault | null = null;

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static async open(target: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const url = new URL(target);
    url.port = String(address.port);
    url.hostname = '127.0.0.1';
    const proxy = new FaultProxy(server, url.href.replace(/\/$/, ''));
    server.on('connection', (client) => {
      proxy.take(client, () => connect(Number(port), hostname.replace(/^\[|\]$/g, '')));
    });
    return proxy;
  }

  /** New connections are refused. */
  refuse(isRefusing: boolean): void {
    this.isRefusing = isRefusing;
  }

  /** `up` is from the plugin to the venue. What was held goes on its way when the gate is opened. */
  gate(channel: Channel, direction: 'up' | 'down', gate: Gate): void {
    this.gates.set(`${channel}/${direction}`, gate);
    for (const link of this.links) link.settle();
  }

  /** In place of the venue's answers to the next requests that are no GET; the venue has had the request. */
  answerNext(...answers: readonly FalseAnswer[]): void {
    this.answers = [...answers];
  }

  /** What becomes of each message of streams from the venue; null is nothing. */
  disturb(fault: StreamFault | null): void {
    this.streamFault = fault;
    if (fault === null) for (const link of this.links) link.flush();
  }

  /** Says to all clients of streams what the venue never said. */
  say(message: Buffer): void {
    for (const link of this.links) link.say(message);
  }

  cut(channel?: Channel): void {
    for (const link of this.links) {
      if (channel === undefined || link.channel === channel) link.cut();
    }
  }

  /** All is well again; connections on which something was lost are cut. */
  heal(): void {
    this.isRefusing = false;
    this.answers = [];
    this.disturb(null);
    this.gates.clear();
    for (const link of this.links) {
      if (link.hasLost) link.cut();
      else link.settle();
    }
  }

  async close(): Promise<void> {
    this.isRefusing = true;
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(client: Socket, reach: () => Socket): void {
    if (this.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const link: Link = new Link(client, reach(), {
      gateOf: (channel, direction) => this.gates.get(`${channel}/${direction}`) ?? 'pass',
      falseAnswer: () => this.answers.shift(),
      streamFault: () => this.streamFault,
      noteBytes: (count) => (this.bytes += count),
      noteStream: () => (this.streams += 1),
      noteMessage: () => (this.messages += 1),
      ended: () => this.links.delete(link),
    });
    this.links.add(link);
  }
}

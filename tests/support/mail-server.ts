import { createServer, type Server } from 'node:net';

export interface MailServer {
  readonly server: Server;
  /** Lines that it was told, the empty ones left out. */
  readonly heard: string[];
  /** The mails as they came, without the dot that ends them. */
  readonly messages: string[];
}

/** What it answers to a recipient that has the word in it; `silence` is no answer at all. */
const RECIPIENTS: readonly (readonly [word: string, answer: string])[] = [
  ['nobody', '550 no such user'],
  ['later', '451 4.7.1 greylisted, come back later'],
  ['silence', ''],
];

function answerTo(line: string, refusesLogins: boolean): string {
  if (line === 'QUIT') return '221 bye';
  if (refusesLogins && line.startsWith('EHLO')) return '250-test\r\n250 AUTH PLAIN LOGIN';
  if (line === 'STARTTLS') return '502 not implemented';
  if (line.startsWith('AUTH')) return '535 5.7.8 bad credentials';
  const refused = line.startsWith('RCPT') ? RECIPIENTS.find(([word]) => line.includes(word)) : undefined;
  return refused?.[1] ?? '250 ok';
}

/** Says what a mail server says, and keeps what it is told. */
export function startMailServer({ refusesLogins = false } = {}): MailServer {
  const heard: string[] = [];
  const messages: string[] = [];
  const server = createServer((socket) => {
    let mail: string[] | null = null;
    let rest = '';
    const say = (answer: string): void => {
      if (answer !== '') socket.write(`${answer}\r\n`);
    };
    const hear = (line: string): void => {
      if (line !== '') heard.push(line);
      if (mail === null) {
        if (line === '') return;
        if (line.startsWith('DATA')) mail = [];
        say(line.startsWith('DATA') ? '354 go on' : answerTo(line, refusesLogins));
      } else if (line === '.') {
        messages.push(mail.join('\r\n'));
        mail = null;
        say('250 kept');
      } else {
        mail.push(line.startsWith('.') ? line.slice(1) : line);
      }
    };
    say('220 test');
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(hear);
    });
    socket.on('error', () => {});
  });
  return { server: server.listen(0, '127.0.0.1'), heard, messages };
}

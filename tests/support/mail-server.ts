import { createServer, type Server } from 'node:net';

/** Says what a mail server says, and keeps what it is told. */
export function startMailServer(): { server: Server; heard: string[] } {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 test\r\n');
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\r\n')) {
        if (line === '') continue;
        heard.push(line);
        if (inData) {
          if (line === '.') {
            inData = false;
            socket.write('250 kept\r\n');
          }
        } else if (line.startsWith('DATA')) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (line.startsWith('RCPT') && line.includes('nobody')) {
          socket.write('550 no such user\r\n');
        } else {
          socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
        }
      }
    });
    socket.on('error', () => {});
  });
  return { server: server.listen(0, '127.0.0.1'), heard };
}

// The world outside: a mail server that is not ours.
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Books } from './books.ts';

const mailBytesMax = 262_144;

/** Takes mail by SMTP and enters it in the books before it says 250. */
export async function serveSmtp(host: string, port: number, books: Books): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mailBytesMax,
    maxClients: 200,
    socketTimeout: 60_000,
    logger: false,
    onData(stream, { envelope: { rcptTo } }, done) {
      text(stream)
        .then((mail) => {
          const header = headersOf(mail);
          return books.enter({
            messageId: header('message-id'),
            subject: header('subject'),
            orderId: header('x-order-id'),
            recipient: rcptTo.map(({ address }) => address).join(', '),
            at: new Date().toISOString(),
          });
        })
        .then(() => done(), done);
    },
  });
  server.on('error', () => undefined);
  server.listen(port, host);
  await once(server.server, 'listening');
  return server;
}

/** The headers of a mail by their lower-case name; a line that begins with white space continues the one before. */
function headersOf(mail: string): (name: string) => string {
  const [head = ''] = mail.split('\r\n\r\n', 1);
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return (name) => headers.get(name) ?? '';
}

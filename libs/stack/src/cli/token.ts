/**
 * `npm run token`: makes an operator's token for a shop that is up, or a new key. The token alone goes to standard
 * output, so that `TOKEN=$(npm run -s token)` works; what there is to say about it goes to standard error.
 */
import { issueToken, newSigningKey, publicPartOf, readSigningKey } from '@doorbuster/operator';
import { z } from 'zod';
import { findShop } from '../find-shop.ts';
import { runProgram } from '../launcher.ts';
import { SetupError } from '../setup-error.ts';
import { controlRoomOf } from '../shop-info.ts';
import { readTokenCommand, type TokenCommand } from './token-options.ts';

const Shop = z.object({ gateway: z.url(), operatorSigningKey: z.string() });

await runProgram(async () => {
  const command = readTokenCommand(process.argv.slice(2));
  if (command.kind === 'new key') return printKey(command.name);
  const { gateway, operatorSigningKey } = await findKey(command);
  const { by: name, minutes } = command;
  const operatorToken = await issueToken(signingKey(operatorSigningKey), { name, minutes });
  console.log(operatorToken);
  console.error(`It says ${name} and is good for ${minutes} minutes.`);
  if (gateway !== undefined) console.error(`The control room: ${controlRoomOf({ gateway, operatorToken })}`);
});

/** In a container the key is in the environment; anywhere else the shop's file has it. */
async function findKey({ info }: TokenCommand & { kind: 'token' }) {
  const { OPERATOR_SIGNING_KEY: operatorSigningKey } = process.env;
  return operatorSigningKey === undefined || info !== undefined
    ? findShop(Shop, info)
    : { gateway: undefined, operatorSigningKey };
}

function signingKey(text: string) {
  try {
    return readSigningKey(text);
  } catch (cause) {
    throw new SetupError(`${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
}

/** As the lines of an `.env`. */
function printKey(name: string): void {
  const key = newSigningKey(name);
  console.log(`OPERATOR_SIGNING_KEY=${key}`);
  console.log(`OPERATOR_PUBLIC_KEYS=${publicPartOf(key)}`);
  console.error(
    'Put the old public key behind the new one, after a comma, until its last token has expired.',
  );
}

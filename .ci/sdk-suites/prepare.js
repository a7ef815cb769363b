// usage: node prepare.js ADDRESS SECRET FILE...: makes tests of centrifuge-js use another server than Centrifugo.
const { createHmac } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');

const [address, secret, ...files] = process.argv.slice(2);
const sign = (text) => `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;

for (const file of files) {
  const text = readFileSync(file, 'utf8')
    .replaceAll('localhost:8000', address)
    // The secret of the suite is shorter than HS256 asks for, and Tokens rejects it.
    .replace(/(eyJ[\w-]+\.eyJ[\w-]+)\.[\w-]+/g, (_, content) => sign(content))
    // A test that unsubscribes and publishes at once may receive the publication: the server does not know yet. The
    // test expects it to be recovered later. So it first waits for the reply.
    .replace(/(\w+)\.unsubscribe\(\);(?=(\s+c\.remove.*)?\s+\/\/ Publish)/g, '$& await ($1 as any)._unsubPromise;');
  writeFileSync(file, text);
}

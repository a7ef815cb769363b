// Whole stories of a chat, told by the SDK that browsers use: node conformance.mjs ws://HOST:PORT SECRET
// Ends with 0 if all went well, and names the story that did not.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import net from 'node:net';
import WebSocket from 'ws';
import { Centrifuge } from 'centrifuge';
import { Centrifuge as BinaryCentrifuge } from 'centrifuge/build/protobuf';

const [server, secret] = process.argv.slice(2);
const PATIENCE = 10_000;
const quick = { websocket: WebSocket, minReconnectDelay: 20, maxReconnectDelay: 100, timeout: 5000 };

/** The next event of a kind that is as wanted, or an error when the patience is over. */
function next(emitter, event, wanted = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${PATIENCE} ms`)), PATIENCE);
    const listener = (context) => {
      if (wanted(context)) {
        clearTimeout(timer);
        emitter.off(event, listener);
        resolve(context);
      }
    };
    emitter.on(event, listener);
  });
}

/** A client that is connected, in the form that is being tested. */
class Form {
  constructor(name, codec) {
    this.name = name;
    this.codec = codec;
    this.clients = [];
    this.rooms = 0;
  }

  client(path, options = {}, base = server) {
    const client = new this.codec(base + path, { ...quick, ...options });
    this.clients.push(client);
    return client;
  }

  async connected(user, options, base) {
    const client = this.client(`/open?user=${user}`, options, base);
    const connected = next(client, 'connected');
    client.connect();
    await connected;
    return client;
  }

  async subscribed(client, channel, options) {
    const sub = client.newSubscription(channel, options);
    sub.heard = [];
    sub.on('publication', (context) => sub.heard.push(this.read(context.data)));
    const subscribed = next(sub, 'subscribed');
    sub.subscribe();
    await subscribed;
    return sub;
  }

  /** Data is JSON in one form and bytes in the other. */
  data(value) {
    return this.codec === Centrifuge ? value : new TextEncoder().encode(JSON.stringify(value));
  }

  read(data) {
    return this.codec === Centrifuge ? data : JSON.parse(new TextDecoder().decode(data));
  }

  room() {
    return `${this.name}-${++this.rooms}`;
  }

  async heard(sub, count) {
    const deadline = Date.now() + PATIENCE;
    while (sub.heard.length < count) {
      assert(Date.now() < deadline, `${count} publications, not only ${JSON.stringify(sub.heard)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return sub.heard;
  }

  close() {
    this.clients.forEach((client) => client.disconnect());
  }
}

/** Between a client and the server, and cut like a cable. */
async function cable() {
  const { hostname, port } = new URL(server);
  const ends = new Set();
  let cut = false;
  const relay = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    if (cut) {
      near.destroy();
      far.destroy();
      return;
    }
    for (const [one, other] of [[near, far], [far, near]]) {
      ends.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => { ends.delete(one); other.destroy(); });
    }
  });
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${relay.address().port}`,
    cut() { cut = true; ends.forEach((end) => end.destroy()); },
    mend() { cut = false; },
    remove() { this.cut(); relay.close(); },
  };
}

function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${crypto.createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const stories = {
  async 'what one publishes all hear'(form) {
    const room = form.room();
    const [ann, bob] = [await form.connected('ann'), await form.connected('bob')];
    const [anns, bobs] = [await form.subscribed(ann, room), await form.subscribed(bob, room)];
    for (const number of numbers(1, 50)) {
      await anns.publish(form.data({ number }));
    }
    const all = numbers(1, 50).map((number) => ({ number }));
    assert.deepEqual(await form.heard(anns, 50), all);
    assert.deepEqual(await form.heard(bobs, 50), all);
  },

  async 'who is here, who comes and goes'(form) {
    const room = form.room();
    const ann = await form.connected('ann');
    const anns = await form.subscribed(ann, room, { joinLeave: true });
    const came = next(anns, 'join', (context) => context.info.user === 'bob');
    const bob = await form.connected('bob');
    const bobs = await form.subscribed(bob, room);
    await came;
    const { clients } = await anns.presence();
    assert.deepEqual(Object.values(clients).map((one) => one.user).sort(), ['ann', 'bob']);
    assert.deepEqual({ ...(await anns.presenceStats()) }, { numClients: 2, numUsers: 2 });
    const went = next(anns, 'leave', (context) => context.info.user === 'bob');
    bobs.unsubscribe();
    await went;
    assert.equal((await anns.presenceStats()).numClients, 1);
  },

  async 'what was said before, forwards and backwards'(form) {
    const room = form.room();
    const sub = await form.subscribed(await form.connected('ann'), room);
    for (const number of numbers(1, 10)) {
      await sub.publish(form.data(number));
    }
    const first = await sub.history({ limit: 4 });
    const read = (page) => page.publications.map((one) => form.read(one.data));
    assert.deepEqual(read(first), [1, 2, 3, 4]);
    const since = { epoch: first.epoch, offset: first.publications[3].offset };
    assert.deepEqual(read(await sub.history({ limit: 100, since })), numbers(5, 10));
    assert.deepEqual(read(await sub.history({ limit: 3, reverse: true })), [10, 9, 8]);
    assert.equal((await sub.history({ limit: 0 })).offset, 10);
  },

  async 'a killed connection recovers without gap or double'(form) {
    const room = form.room();
    const wire = await cable();
    const ann = await form.connected('ann', {}, wire.url);
    const anns = await form.subscribed(ann, room, { recoverable: true, positioned: true });
    const bobs = await form.subscribed(await form.connected('bob'), room);
    for (let round = 0; round < 3; round++) {
      const lost = next(ann, 'connecting');
      wire.cut();
      await lost;
      for (const number of numbers(1, 20)) {
        await bobs.publish(form.data(20 * round + number));
      }
      const back = next(anns, 'subscribed');
      wire.mend();
      const context = await back;
      assert.deepEqual([context.wasRecovering, context.recovered], [true, true]);
      assert.deepEqual(await form.heard(anns, 20 * (round + 1)), numbers(1, 20 * (round + 1)));
    }
    await bobs.publish(form.data(61));
    assert.deepEqual(await form.heard(anns, 61), numbers(1, 61));
    wire.remove();
  },

  async 'what is not kept any more is not recovered, and that is said'(form) {
    const room = form.room();
    const wire = await cable();
    const ann = await form.connected('ann', {}, wire.url);
    const anns = await form.subscribed(ann, room, { recoverable: true });
    const bobs = await form.subscribed(await form.connected('bob'), room);
    const lost = next(ann, 'connecting');
    wire.cut();
    await lost;
    for (const number of numbers(1, 150)) {
      await bobs.publish(form.data(number));
    }
    const back = next(anns, 'subscribed');
    wire.mend();
    const context = await back;
    assert.deepEqual([context.wasRecovering, context.recovered], [true, false]);
    assert.deepEqual(anns.heard, []);
    assert.equal(context.streamPosition.offset, 150);
    wire.remove();
  },

  async 'a token says who somebody is, and is refreshed'(form) {
    let asked = 0;
    const client = form.client('/token', {
      getToken: async () => { asked++; return token({ sub: 'ann', exp: inSeconds(2) }); },
    });
    const connected = next(client, 'connected');
    client.connect();
    await connected;
    const sub = await form.subscribed(client, form.room());
    assert.deepEqual(Object.values((await sub.presence()).clients).map((one) => one.user), ['ann']);
    const deadline = Date.now() + PATIENCE;
    while (asked < 3) {
      assert(Date.now() < deadline, 'the token was refreshed twice');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(client.state, 'connected');
  },

  async 'a token that is not good ends it for good'(form) {
    const client = form.client('/token', { token: 'x' + token({ sub: 'ann' }) });
    const disconnected = next(client, 'disconnected');
    client.connect();
    assert.equal((await disconnected).code, 3500);
  },

  async 'some codes bring a client back, others do not'(form) {
    const ann = await form.connected('ann');
    const [away, back] = [next(ann, 'connecting'), next(ann, 'connected')];
    ann.rpc('close', form.data(4100)).catch(() => {});
    assert.equal((await away).code, 4100);
    await back;
    const over = next(ann, 'disconnected');
    ann.rpc('close', form.data(4500)).catch(() => {});
    assert.equal((await over).code, 4500);
  },

  async 'a call is answered, or refused'(form) {
    const ann = await form.connected('ann');
    assert.deepEqual(form.read((await ann.rpc('echo', form.data({ a: 1 }))).data), { a: 1 });
    await assert.rejects(ann.rpc('nothing', form.data({})), { code: 104 });
  },

  async 'hundreds of rooms at once, and out of them before the answer'(form) {
    const ann = await form.connected('ann');
    const subs = numbers(1, 100).map(() => ann.newSubscription(form.room()));
    for (let round = 0; round < 4; round++) {
      const all = subs.map((sub) => next(sub, 'subscribed'));
      subs.forEach((sub) => sub.subscribe());
      await Promise.all(all);
      subs.forEach((sub) => sub.unsubscribe());
      subs.forEach((sub) => { sub.subscribe(); sub.unsubscribe(); });
    }
    const last = subs[0];
    const subscribed = next(last, 'subscribed');
    last.subscribe();
    await subscribed;
    await last.publish(form.data('still there'));
    assert.equal(ann.state, 'connected');
  },
};

let failed = 0;
for (const form of [new Form('json', Centrifuge), new Form('protobuf', BinaryCentrifuge)]) {
  for (const [title, story] of Object.entries(stories)) {
    try {
      await story(form);
      console.log(`ok ${form.name}: ${title}`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${form.name}: ${title}: ${error.stack}`);
    }
    form.close();
    form.clients = [];
  }
}
process.exit(failed === 0 ? 0 : 1);

// Scenarios with the JavaScript SDK, in Node (node.mjs) and in a page (page.html). The test runs an HTTP
// server for what a page cannot do.
import { Centrifuge } from 'centrifuge';
import { Centrifuge as BinaryCentrifuge } from 'centrifuge/build/protobuf';

const TIMEOUT_MS = 10_000;

async function ask(test, what, body = '') {
  const response = await fetch(test + what, { method: 'POST', body });
  if (!response.ok) {
    throw new Error(`${what}: status ${response.status}`);
  }
  return response.text();
}

function equal(actual, expected) {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) {
    throw new Error(`expected ${wanted}, got ${found}`);
  }
}

async function until(what, condition) {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${TIMEOUT_MS} ms: ${what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Returns the next event of a kind that meets a condition; fails after the timeout. */
function next(emitter, event, wanted = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
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

/** One form of the protocol, and its clients. */
class Form {
  constructor(name, codec, test, server, websocket) {
    this.name = name;
    this.codec = codec;
    this.test = test;
    this.server = server;
    this.options = { websocket, minReconnectDelay: 20, maxReconnectDelay: 100, timeout: 5000 };
    this.clients = [];
    this.rooms = 0;
  }

  client(path, options = {}, base = this.server) {
    const client = new this.codec(base + path, { ...this.options, ...options });
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
    sub.received = [];
    sub.on('publication', (context) => sub.received.push(this.read(context.data)));
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

  async received(sub, count) {
    await until(() => `${count} of ${JSON.stringify(sub.received)}`, () => sub.received.length >= count);
    return sub.received;
  }

  /** A connection to the server that the test can cut. */
  async cable() {
    const url = await ask(this.test, '/cable');
    return { url, cut: () => ask(this.test, '/cut', url), mend: () => ask(this.test, '/mend', url) };
  }

  /** The address of one of two nodes that are one chat. */
  node(index) {
    return ask(this.test, '/cluster-node', String(index));
  }

  /** A connection to one node that the test can move to another one. */
  async nodeCable(index) {
    const url = await ask(this.test, '/cluster-cable', String(index));
    return { url, moveTo: async (other) => ask(this.test, '/move', `${url} ${await this.node(other)}`) };
  }

  token(claims) {
    return ask(this.test, '/token', JSON.stringify(claims));
  }

  close() {
    this.clients.forEach((client) => client.disconnect());
    this.clients = [];
  }
}

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const scenarios = {
  async 'a publication reaches all subscribers'(form) {
    const room = form.room();
    const [ann, bob] = [await form.connected('ann'), await form.connected('bob')];
    const [anns, bobs] = [await form.subscribed(ann, room), await form.subscribed(bob, room)];
    for (const number of numbers(1, 50)) {
      await anns.publish(form.data({ number }));
    }
    const all = numbers(1, 50).map((number) => ({ number }));
    equal(await form.received(anns, 50), all);
    equal(await form.received(bobs, 50), all);
  },

  async 'headers of a message are the tags of its publication'(form) {
    const room = form.room();
    const anns = await form.subscribed(await form.connected('ann'), room);
    const bobs = await form.subscribed(await form.connected('bob'), room);
    const published = next(anns, 'publication');
    await bobs.publish(form.data(1));
    equal({ ...(await published).tags }, { from: 'bob' });
    const { publications } = await anns.history({ limit: 1 });
    equal(publications.map((one) => ({ ...one.tags })), [{ from: 'bob' }]);
  },

  async 'presence, joins and leaves are reported'(form) {
    const room = form.room();
    const ann = await form.connected('ann');
    const anns = await form.subscribed(ann, room, { joinLeave: true });
    const joined = next(anns, 'join', (context) => context.info.user === 'bob');
    const bob = await form.connected('bob');
    const bobs = await form.subscribed(bob, room);
    await joined;
    const { clients } = await anns.presence();
    equal(Object.values(clients).map((one) => one.user).sort(), ['ann', 'bob']);
    const { numClients, numUsers } = await anns.presenceStats();
    equal([numClients, numUsers], [2, 2]);
    const left = next(anns, 'leave', (context) => context.info.user === 'bob');
    bobs.unsubscribe();
    await left;
    equal((await anns.presenceStats()).numClients, 1);
  },

  async 'history is read forwards and backwards'(form) {
    const room = form.room();
    const sub = await form.subscribed(await form.connected('ann'), room);
    for (const number of numbers(1, 10)) {
      await sub.publish(form.data(number));
    }
    const first = await sub.history({ limit: 4 });
    const read = (page) => page.publications.map((one) => form.read(one.data));
    equal(read(first), [1, 2, 3, 4]);
    const since = { epoch: first.epoch, offset: first.publications[3].offset };
    equal(read(await sub.history({ limit: 100, since })), numbers(5, 10));
    equal(read(await sub.history({ limit: 3, reverse: true })), [10, 9, 8]);
    equal((await sub.history({ limit: 0 })).offset, 10);
  },

  async 'a lost connection recovers without gaps or duplicates'(form) {
    const room = form.room();
    const wire = await form.cable();
    const ann = await form.connected('ann', {}, wire.url);
    const anns = await form.subscribed(ann, room, { recoverable: true, positioned: true });
    const bobs = await form.subscribed(await form.connected('bob'), room);
    for (let round = 0; round < 3; round++) {
      const lost = next(ann, 'connecting');
      await wire.cut();
      await lost;
      for (const number of numbers(1, 20)) {
        await bobs.publish(form.data(20 * round + number));
      }
      const back = next(anns, 'subscribed');
      await wire.mend();
      const context = await back;
      equal([context.wasRecovering, context.recovered], [true, true]);
      equal(await form.received(anns, 20 * (round + 1)), numbers(1, 20 * (round + 1)));
    }
    await bobs.publish(form.data(61));
    equal(await form.received(anns, 61), numbers(1, 61));
  },

  async 'a position before the history is reported as not recovered'(form) {
    const room = form.room();
    const wire = await form.cable();
    const ann = await form.connected('ann', {}, wire.url);
    const anns = await form.subscribed(ann, room, { recoverable: true });
    const bobs = await form.subscribed(await form.connected('bob'), room);
    const lost = next(ann, 'connecting');
    await wire.cut();
    await lost;
    for (const number of numbers(1, 150)) {
      await bobs.publish(form.data(number));
    }
    const back = next(anns, 'subscribed');
    await wire.mend();
    const context = await back;
    equal([context.wasRecovering, context.recovered], [true, false]);
    equal(anns.received, []);
    equal(context.streamPosition.offset, 150);
  },

  async 'a token identifies the user and is refreshed'(form) {
    let asked = 0;
    const client = form.client('/token', {
      getToken: async () => { asked++; return form.token({ sub: 'ann', exp: inSeconds(2) }); },
    });
    const connected = next(client, 'connected');
    client.connect();
    await connected;
    const sub = await form.subscribed(client, form.room());
    equal(Object.values((await sub.presence()).clients).map((one) => one.user), ['ann']);
    await until(() => `asked ${asked} times for a token`, () => asked >= 3);
    equal(client.state, 'connected');
  },

  async 'an invalid token disconnects the client permanently'(form) {
    const client = form.client('/token', { token: 'x' + await form.token({ sub: 'ann' }) });
    const disconnected = next(client, 'disconnected');
    client.connect();
    equal((await disconnected).code, 3500);
  },

  async 'a client reconnects after some codes and not after others'(form) {
    const ann = await form.connected('ann');
    const [away, back] = [next(ann, 'connecting'), next(ann, 'connected')];
    ann.rpc('close', form.data(4100)).catch(() => {});
    equal((await away).code, 4100);
    await back;
    const over = next(ann, 'disconnected');
    ann.rpc('close', form.data(4500)).catch(() => {});
    equal((await over).code, 4500);
  },

  async 'an rpc is answered or fails'(form) {
    const ann = await form.connected('ann');
    equal(form.read((await ann.rpc('echo', form.data({ a: 1 }))).data), { a: 1 });
    equal(await ann.rpc('nothing', form.data({})).catch((error) => error.code), 104);
  },

  async 'a publication reaches the subscribers of another node'(form) {
    const room = form.room();
    const anns = await form.subscribed(await form.connected('ann', {}, await form.node(0)), room);
    const bobs = await form.subscribed(await form.connected('bob', {}, await form.node(1)), room);
    for (const number of numbers(1, 25)) {
      await anns.publish(form.data(2 * number - 1));
      await bobs.publish(form.data(2 * number));
    }
    equal(await form.received(anns, 50), numbers(1, 50));
    equal(await form.received(bobs, 50), numbers(1, 50));
    equal((await anns.history({ limit: 0 })).offset, 50);
    equal((await anns.history({ limit: 0 })).epoch, (await bobs.history({ limit: 0 })).epoch);
  },

  async 'presence, joins and leaves are those of all nodes'(form) {
    const room = form.room();
    const ann = await form.connected('ann', {}, await form.node(0));
    const anns = await form.subscribed(ann, room, { joinLeave: true });
    const joined = next(anns, 'join', (context) => context.info.user === 'bob');
    const bob = await form.connected('bob', {}, await form.node(1));
    const bobs = await form.subscribed(bob, room);
    await joined;
    for (const sub of [anns, bobs]) {
      const { clients } = await sub.presence();
      equal(Object.values(clients).map((one) => one.user).sort(), ['ann', 'bob']);
      const { numClients, numUsers } = await sub.presenceStats();
      equal([numClients, numUsers], [2, 2]);
    }
    const left = next(anns, 'leave', (context) => context.info.user === 'bob');
    bobs.unsubscribe();
    await left;
    equal((await anns.presenceStats()).numClients, 1);
  },

  async 'a client recovers on another node without gaps or duplicates'(form) {
    const room = form.room();
    const wire = await form.nodeCable(0);
    const ann = await form.connected('ann', {}, wire.url);
    const anns = await form.subscribed(ann, room, { recoverable: true, positioned: true });
    const bobs = await form.subscribed(await form.connected('bob', {}, await form.node(1)), room);
    let published = 0;
    for (const node of [1, 0, 1]) {
      const back = next(anns, 'subscribed');
      const moved = wire.moveTo(node);
      for (const number of numbers(published + 1, published + 20)) {
        await bobs.publish(form.data(number));
      }
      await moved;
      const context = await back;
      equal([context.wasRecovering, context.recovered], [true, true]);
      await bobs.publish(form.data(published + 21));
      published += 21;
      equal(await form.received(anns, published), numbers(1, published));
    }
  },

  async 'a user is disconnected on another node'(form) {
    const room = form.room();
    const ann = await form.connected('ann', {}, await form.node(0));
    await form.subscribed(ann, room);
    const bob = await form.connected('bob', {}, await form.node(1));
    await form.subscribed(bob, room);
    const over = next(bob, 'disconnected');
    await ann.rpc('disconnect', form.data('bob'));
    equal((await over).code, 4500);
  },

  async 'a hundred rooms can be subscribed at once and left before the reply'(form) {
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
    equal(ann.state, 'connected');
  },
};

/** Runs all scenarios one after the other and reports their results. */
export async function run(test, websocket) {
  const server = await ask(test, '/server');
  for (const [name, codec] of [['json', Centrifuge], ['protobuf', BinaryCentrifuge]]) {
    const form = new Form(name, codec, test, server, websocket);
    for (const [title, scenario] of Object.entries(scenarios)) {
      try {
        await scenario(form);
        await ask(test, '/passed', `${name}: ${title}`);
      } catch (error) {
        await ask(test, '/failed', `${name}: ${title}: ${error.stack ?? JSON.stringify(error)}`);
      }
      form.close();
    }
  }
  await ask(test, '/end');
}

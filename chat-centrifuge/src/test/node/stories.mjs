// Whole stories of a chat, told by the SDK for browsers, in Node (node.mjs) and in a page (page.html).
// What they cannot do in a page the test does for them, which is at an address of its own.
import { Centrifuge } from 'centrifuge';
import { Centrifuge as BinaryCentrifuge } from 'centrifuge/build/protobuf';

const PATIENCE = 10_000;

async function ask(test, what, body = '') {
  const response = await fetch(test + what, { method: 'POST', body });
  if (!response.ok) {
    throw new Error(`${what} was answered ${response.status}`);
  }
  return response.text();
}

function equal(actual, expected) {
  const [is, shall] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shall) {
    throw new Error(`${is}, but ${shall} was expected`);
  }
}

async function until(what, condition) {
  const deadline = Date.now() + PATIENCE;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${PATIENCE} ms: ${what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

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

/** The form that is being tested, and its clients. */
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
    await until(() => `${count} of ${JSON.stringify(sub.heard)}`, () => sub.heard.length >= count);
    return sub.heard;
  }

  /** Between a client and the server, and cut like a cable. */
  async cable() {
    const url = await ask(this.test, '/cable');
    return { url, cut: () => ask(this.test, '/cut', url), mend: () => ask(this.test, '/mend', url) };
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

const stories = {
  async 'what one publishes all hear'(form) {
    const room = form.room();
    const [ann, bob] = [await form.connected('ann'), await form.connected('bob')];
    const [anns, bobs] = [await form.subscribed(ann, room), await form.subscribed(bob, room)];
    for (const number of numbers(1, 50)) {
      await anns.publish(form.data({ number }));
    }
    const all = numbers(1, 50).map((number) => ({ number }));
    equal(await form.heard(anns, 50), all);
    equal(await form.heard(bobs, 50), all);
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
    equal(Object.values(clients).map((one) => one.user).sort(), ['ann', 'bob']);
    const { numClients, numUsers } = await anns.presenceStats();
    equal([numClients, numUsers], [2, 2]);
    const went = next(anns, 'leave', (context) => context.info.user === 'bob');
    bobs.unsubscribe();
    await went;
    equal((await anns.presenceStats()).numClients, 1);
  },

  async 'what was said before, forwards and backwards'(form) {
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

  async 'a killed connection recovers without gap or double'(form) {
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
      equal(await form.heard(anns, 20 * (round + 1)), numbers(1, 20 * (round + 1)));
    }
    await bobs.publish(form.data(61));
    equal(await form.heard(anns, 61), numbers(1, 61));
  },

  async 'what is not kept any more is not recovered, and that is said'(form) {
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
    equal(anns.heard, []);
    equal(context.streamPosition.offset, 150);
  },

  async 'a token says who somebody is, and is refreshed'(form) {
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

  async 'a token that is not good ends it for good'(form) {
    const client = form.client('/token', { token: 'x' + await form.token({ sub: 'ann' }) });
    const disconnected = next(client, 'disconnected');
    client.connect();
    equal((await disconnected).code, 3500);
  },

  async 'some codes bring a client back, others do not'(form) {
    const ann = await form.connected('ann');
    const [away, back] = [next(ann, 'connecting'), next(ann, 'connected')];
    ann.rpc('close', form.data(4100)).catch(() => {});
    equal((await away).code, 4100);
    await back;
    const over = next(ann, 'disconnected');
    ann.rpc('close', form.data(4500)).catch(() => {});
    equal((await over).code, 4500);
  },

  async 'a call is answered, or refused'(form) {
    const ann = await form.connected('ann');
    equal(form.read((await ann.rpc('echo', form.data({ a: 1 }))).data), { a: 1 });
    equal(await ann.rpc('nothing', form.data({})).catch((error) => error.code), 104);
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
    equal(ann.state, 'connected');
  },
};

/** Tells them all, one after the other, and says of each how it went. */
export async function tell(test, websocket) {
  const server = await ask(test, '/server');
  for (const [name, codec] of [['json', Centrifuge], ['protobuf', BinaryCentrifuge]]) {
    const form = new Form(name, codec, test, server, websocket);
    for (const [title, story] of Object.entries(stories)) {
      try {
        await story(form);
        await ask(test, '/told', `${name}: ${title}`);
      } catch (error) {
        await ask(test, '/failed', `${name}: ${title}: ${error.stack ?? JSON.stringify(error)}`);
      }
      form.close();
    }
  }
  await ask(test, '/end');
}

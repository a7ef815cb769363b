package dev.roomful.redis;

import io.lettuce.core.pubsub.RedisPubSubListener;

/** Receives what the connections for subscriptions receive. */
interface PubSubMessages {
  /** {@return a listener for the connections of some links} */
  RedisPubSubListener<String, byte[]> listener(Links links);
}

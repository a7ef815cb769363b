package dev.roomful.redis;

/** Where the servers are. Used by one thread at a time. */
interface Servers extends AutoCloseable {
  /** {@return what messages call the servers} */
  String address();

  /** Reads which servers there are; blocks. Called before each attempt to connect. */
  Topology topology();

  /** Stops what belongs to the engine and not to the application; blocks. */
  @Override
  void close();
}

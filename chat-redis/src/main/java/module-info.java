/** Orders and distributes room logs with Redis or Valkey. */
module dev.roomful.redis {
  requires transitive dev.roomful;
  requires transitive lettuce.core;
  requires static org.jspecify;

  exports dev.roomful.redis;
}

/** Chat rooms: what applications use, what transports implement, and what tests need. */
module dev.roomful {
  requires static transitive org.jspecify;

  exports dev.roomful;
  exports dev.roomful.dialect;
  exports dev.roomful.transport;
  exports dev.roomful.testing;
}

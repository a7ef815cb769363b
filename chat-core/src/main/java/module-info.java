/** Chat rooms: what applications use, what transports implement, and what tests need. */
@SuppressWarnings("module") // dev.roomful.centrifuge is compiled after this module
module dev.roomful {
  requires static jdk.jfr; // optional: without it there are no events of the flight recorder
  requires static org.jspecify;

  exports dev.roomful;
  exports dev.roomful.admission;
  exports dev.roomful.cluster;
  exports dev.roomful.protocol to
      dev.roomful.centrifuge;
  exports dev.roomful.internal.validation to
      dev.roomful.centrifuge,
      dev.roomful.jakarta,
      dev.roomful.jetty,
      dev.roomful.tomcat,
      dev.roomful.undertow;
  exports dev.roomful.transport;
  exports dev.roomful.testing;

  uses dev.roomful.Chat.Builder;

  provides dev.roomful.Chat.Builder with
      dev.roomful.internal.runtime.ChatBuilder;
}

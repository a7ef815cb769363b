/** The Centrifuge client protocol: its clients in the rooms of a chat, and tokens. */
module dev.roomful.centrifuge {
  requires transitive dev.roomful;
  requires static com.google.protobuf;
  requires com.nimbusds.jose.jwt;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports dev.roomful.centrifuge;
}

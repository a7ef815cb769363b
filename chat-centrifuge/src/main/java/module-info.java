/** The Centrifuge client protocol: its clients in the rooms of a chat. */
module dev.roomful.centrifuge {
  requires transitive dev.roomful;
  requires transitive dev.roomful.tokens;
  requires static com.google.protobuf;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports dev.roomful.centrifuge;
}

/** The Centrifuge client protocol: frames in JSON and Protobuf, and tokens. */
module dev.roomful.centrifuge {
  requires com.google.protobuf;
  requires com.nimbusds.jose.jwt;
  requires tools.jackson.core;
  requires static transitive org.jspecify;

  exports dev.roomful.centrifuge;
}

/** JSON Web Tokens as the access of chat clients. */
module dev.roomful.tokens {
  requires transitive dev.roomful;
  requires com.nimbusds.jose.jwt;
  requires static org.jspecify;

  exports dev.roomful.tokens;
}

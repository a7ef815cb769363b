/** Tests of an application's chat without a server. */
module dev.roomful.spring.test {
  requires transitive dev.roomful;
  requires dev.roomful.spring;
  requires org.junit.jupiter.api;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.boot.test;
  requires spring.boot.test.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires spring.test;
  requires static org.jspecify;

  exports dev.roomful.spring.test;

  opens dev.roomful.spring.test;
}

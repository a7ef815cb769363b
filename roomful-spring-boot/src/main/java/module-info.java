/** Auto-configuration of a chat for Spring Boot. */
module dev.roomful.spring {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires jakarta.servlet;
  requires jakarta.websocket;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires static com.fasterxml.jackson.annotation; // of the actuator's classes
  requires static dev.roomful.centrifuge;
  requires static dev.roomful.jetty;
  requires static dev.roomful.micrometer;
  requires static dev.roomful.redis;
  requires static dev.roomful.tokens;
  requires static lettuce.core;
  requires static micrometer.core;
  requires static micrometer.observation;
  requires static org.jspecify;
  requires static spring.boot.actuator;
  requires static spring.boot.actuator.autoconfigure;
  requires static spring.boot.data.redis;
  requires static spring.boot.health;
  requires static spring.boot.jetty;
  requires static spring.boot.web.server;
  requires static spring.security.core;
  requires static spring.security.oauth2.core;
  requires static spring.security.oauth2.jose;
  requires static spring.security.oauth2.resource.server;
  requires static spring.tx;
  requires static spring.web;

  exports dev.roomful.spring;
  exports dev.roomful.spring.autoconfigure;

  opens dev.roomful.spring.autoconfigure;
}

package dev.roomful.spring.test.application;

import org.springframework.stereotype.Service;

/** A dependency of the handler that is no part of the chat. */
@Service
class Greeting {
  String text() {
    return "from the service: ";
  }
}

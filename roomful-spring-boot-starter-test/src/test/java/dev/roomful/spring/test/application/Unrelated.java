package dev.roomful.spring.test.application;

import org.springframework.stereotype.Component;

/** Needs what a test of the chat does not have. */
@Component
class Unrelated {
  Unrelated() {
    throw new IllegalStateException("the slice must not create this bean");
  }
}

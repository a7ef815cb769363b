package dev.roomful.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Reads the properties of {@link ChatTest}. */
final class ChatTestContextBootstrapper extends TestSliceTestContextBootstrapper<ChatTest> {
  ChatTestContextBootstrapper() {}
}

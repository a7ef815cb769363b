package dev.roomful.internal.observation;

import dev.roomful.RoomHandler;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;

/** Runs a chat, in a process whose JVM may lack the module of the flight recorder. */
final class WithoutRecorder {
  private WithoutRecorder() {}

  public static void main(String[] arguments) {
    boolean present = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.chat().room("lobby").orElseThrow().announce("hello");
      chat.admit(dev.roomful.testing.TestHandshake.create().withHeader("Origin", "https://x.org"));
      System.out.println(present + " " + ann.received());
    }
  }
}

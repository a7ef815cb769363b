package dev.roomful.spring.test.application;

import dev.roomful.Chat;
import org.springframework.stereotype.Service;

/** Publishes from outside of the chat. */
@Service
class Announcer {
  private final Chat chat;

  Announcer(Chat chat) {
    this.chat = chat;
  }

  void announce(String text) {
    chat.publish("lobby", text);
  }
}

package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/**
 * An application with the library inside, loaded by the class loader of its context. It creates a
 * chat and mounts it, and does nothing at its end.
 */
public final class RedeployedApplication implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    Chat chat =
        Chat.of(
            new RoomHandler() {
              @Override
              public void onMessage(Room room, Message message) {
                message.reply("echo " + message.text());
              }
            });
    JakartaChat.of(chat, "/chat/{room}").addTo(event.getServletContext());
  }
}

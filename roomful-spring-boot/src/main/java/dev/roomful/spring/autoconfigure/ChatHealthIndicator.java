package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.ChatHealth;
import java.time.Instant;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Reports a chat that cannot reach its cluster as down. */
final class ChatHealthIndicator extends AbstractHealthIndicator {
  private final Chat chat;

  ChatHealthIndicator(Chat chat) {
    super("Reading the health of the chat failed");
    this.chat = chat;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    ChatHealth health = chat.health();
    Health.Builder reported = health.isConnected() ? builder.up() : builder.down();
    reported
        .withDetail("connections", chat.connections())
        .withDetail("participants", chat.participants())
        .withDetail("rooms", chat.rooms().size())
        .withDetail("failedCallbacks", chat.failedCallbacks());
    health
        .staleSince()
        .map(Instant::toString)
        .ifPresent(
            since ->
                reported
                    .withDetail("clusterUnreachableSince", since)
                    .withDetail("waitingForCluster", health.waiting()));
  }
}

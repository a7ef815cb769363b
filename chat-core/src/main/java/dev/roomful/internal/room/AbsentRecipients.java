package dev.roomful.internal.room;

import dev.roomful.Message;
import dev.roomful.internal.state.RoomMessage;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Notifies the application of those for whom a message was, and who are not in the room. */
final class AbsentRecipients {
  /** How many participants one call of the handler names at most. */
  private static final int MAX_IDS = 1000;

  private final RoomEnvironment environment;
  private final LiveRoom room;

  AbsentRecipients(RoomEnvironment environment, LiveRoom room) {
    this.environment = environment;
    this.room = room;
  }

  /** A message was appended by this node; called with the lock held. */
  void appended(RoomMessage message) {
    Set<String> named = message.audience().onlyIds();
    if ((named == null && !message.headers().containsKey(Message.MENTIONS))
        || message.isAmendment()) {
      return; // as most messages
    }
    Set<String> absent = new TreeSet<>();
    if (named != null) {
      named.forEach(id -> addIfAbsent(absent, id));
    }
    message.mentions().forEach(id -> addIfAbsent(absent, id));
    if (!message.isAnnouncement()) {
      absent.remove(message.sender().id());
    }
    if (!absent.isEmpty()) {
      Set<String> ids = Collections.unmodifiableSet(absent);
      environment.callbacks().execute(() -> environment.calls().onAbsent(room, message, ids));
    }
  }

  private void addIfAbsent(Set<String> absent, String id) {
    if (absent.size() < MAX_IDS && room.state.member(id) == null) {
      absent.add(id);
    }
  }
}

package dev.roomful;

import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The model of a room in {@link ModelTest}. */
public final class RoomModel {
  private final int maxMessages;
  private final long maxAgeMinutes;
  final List<StoredMessage> stored = new ArrayList<>();
  final Map<String, Long> bannedUntil = new HashMap<>();
  final Map<String, Long> mutedUntil = new HashMap<>();
  final Map<String, List<ClientModel>> members = new LinkedHashMap<>();
  long lastOffset;
  long lastDroppedOffset;

  /** A stored message of the model; the target is 0 unless it is an amendment. */
  public record StoredMessage(long offset, String sender, String text, long minute, long target) {}

  /** A client, open or suspended, with the messages that it is expected to receive next. */
  static final class ClientModel {
    final int number;
    final String id;
    final String room;
    final TestClient real;
    final String secret;
    final List<String> expected = new ArrayList<>();
    final List<String> pendingDirect = new ArrayList<>();
    boolean open = true;
    boolean suspended;
    long lostAtMinute;
    long lostAtStep;

    ClientModel(int number, String id, String room, TestClient real, String secret) {
      this.number = number;
      this.id = id;
      this.room = room;
      this.real = real;
      this.secret = secret;
    }

    void expectDirect(String text) {
      (open ? expected : pendingDirect).add(text);
    }

    /** The policy of the room "others" excludes the sender. */
    boolean receivesFrom(String sender) {
      return !room.equals("others") || !sender.equals(id);
    }
  }

  /** A room whose history is bounded in messages and minutes. */
  public RoomModel(int maxMessages, long maxAgeMinutes) {
    this.maxMessages = maxMessages;
    this.maxAgeMinutes = maxAgeMinutes;
  }

  public void expectForAll(String text) {
    members.values().stream()
        .flatMap(List::stream)
        .filter(client -> client.open)
        .forEach(client -> client.expected.add(text));
  }

  /** Adds a text to all clients that the room's policy selects. */
  public void expectForRecipients(String sender, String text) {
    members.values().stream()
        .flatMap(List::stream)
        .filter(client -> client.open && client.receivesFrom(sender))
        .forEach(client -> client.expected.add(text));
  }

  /** Removes a client; its participant leaves with its last client. */
  public void removeClient(ClientModel client) {
    client.open = false;
    client.suspended = false;
    List<ClientModel> clients = members.getOrDefault(client.id, List.of());
    if (clients.remove(client) && clients.isEmpty()) {
      leave(client.id);
    }
  }

  /** Replaces the room by a new one of the same name. */
  public void reopen() {
    members.clear();
    stored.clear();
    lastOffset = 0;
    lastDroppedOffset = 0;
  }

  /** Removes a participant and notifies the others. */
  public void leave(String id) {
    if (members.remove(id) != null) {
      expectForAll("-" + id);
    }
  }

  public void store(String sender, String text, long minute) {
    add(sender, text, minute, 0);
  }

  public void storeAmendment(long target, String text, long minute) {
    add("", text, minute, target);
  }

  private void add(String sender, String text, long minute, long target) {
    lastOffset++;
    stored.add(new StoredMessage(lastOffset, sender, text, minute, target));
    trim(minute);
  }

  /** Removes a message that is not an amendment, and all amendments of it. */
  public boolean removeWithAmendments(long offset) {
    boolean removed = stored.removeIf(one -> one.offset() == offset && one.target() == 0);
    if (removed) {
      stored.removeIf(one -> one.target() == offset);
    }
    return removed;
  }

  /** Replaces the text of a message that is not an amendment, and removes the edits before. */
  public boolean replace(long offset, String text) {
    for (StoredMessage message : stored) {
      if (message.offset() == offset && message.target() == 0) {
        stored.set(
            stored.indexOf(message),
            new StoredMessage(offset, message.sender(), text, message.minute(), 0));
        stored.removeIf(one -> one.target() == offset);
        return true;
      }
    }
    return false;
  }

  public void trim(long minute) {
    while (!stored.isEmpty()
        && (stored.size() > maxMessages || minute - stored.get(0).minute() > maxAgeMinutes)) {
      lastDroppedOffset = stored.remove(0).offset();
    }
  }

  /** The messages after an offset, or none if some of them are lost. */
  public List<StoredMessage> storedSince(long offset) {
    return canRecoverFrom(offset)
        ? stored.stream().filter(message -> message.offset() > offset).toList()
        : List.of();
  }

  public boolean canRecoverFrom(long offset) {
    return offset <= lastOffset && offset >= lastDroppedOffset;
  }

  public List<StoredMessage> latest(int limit) {
    return List.copyOf(stored.subList(Math.max(0, stored.size() - limit), stored.size()));
  }

  public static boolean hasExpired(@Nullable Long until, long minute) {
    return until == null || until <= minute;
  }
}

package dev.roomful;

import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A room as the model of {@link ModelTest} has it. */
public final class Hall {
  private final int bound;
  private final long age;
  final List<Said> kept = new ArrayList<>();
  final Map<String, Long> bannedUntil = new HashMap<>();
  final Map<String, Long> mutedUntil = new HashMap<>();
  final Map<String, List<Client>> members = new LinkedHashMap<>();
  long last;
  long gone;

  /** What a message is in the model. */
  public record Said(long offset, String sender, String text, long minute) {}

  /** One connection, and what it should hear next; or a place that is kept for one. */
  static final class Client {
    final int number;
    final String id;
    final String room;
    final TestClient real;
    final String secret;
    final List<String> hears = new ArrayList<>();
    final List<String> letters = new ArrayList<>();
    boolean open = true;
    boolean away;
    long lostAt;
    long lostAs;

    Client(int number, String id, String room, TestClient real, String secret) {
      this.number = number;
      this.id = id;
      this.room = room;
      this.real = real;
      this.secret = secret;
    }

    void isTold(String text) {
      (open ? hears : letters).add(text);
    }

    /** In the room of others nobody hears itself. */
    boolean hears(String sender) {
      return !room.equals("others") || !sender.equals(id);
    }
  }

  /** A room that keeps so many messages, each for so many minutes. */
  public Hall(int bound, long age) {
    this.bound = bound;
    this.age = age;
  }

  public void all(String text) {
    members.values().stream()
        .flatMap(List::stream)
        .filter(client -> client.open)
        .forEach(client -> client.hears.add(text));
  }

  /** What all hear whom the sender does not exclude. */
  public void others(String sender, String text) {
    members.values().stream()
        .flatMap(List::stream)
        .filter(client -> client.open && client.hears(sender))
        .forEach(client -> client.hears.add(text));
  }

  /** One of its connections is gone for good. */
  public void loses(Client client) {
    client.open = false;
    client.away = false;
    List<Client> theirs = members.getOrDefault(client.id, List.of());
    if (theirs.remove(client) && theirs.isEmpty()) {
      goes(client.id);
    }
  }

  /** Another room of the same name. */
  public void reopen() {
    members.clear();
    kept.clear();
    last = 0;
    gone = 0;
  }

  /** It has left, whichever way. */
  public void goes(String id) {
    if (members.remove(id) != null) {
      all("-" + id);
    }
  }

  public void keep(String sender, String text, long minute) {
    last++;
    kept.add(new Said(last, sender, text, minute));
    trim(minute);
  }

  public void trim(long minute) {
    while (!kept.isEmpty() && (kept.size() > bound || minute - kept.get(0).minute() > age)) {
      gone = kept.remove(0).offset();
    }
  }

  /** What is to hear of the past who was there up to an offset. */
  public List<Said> since(long offset) {
    return recovers(offset)
        ? kept.stream().filter(said -> said.offset() > offset).toList()
        : List.of();
  }

  public boolean recovers(long offset) {
    return offset <= last && offset >= gone;
  }

  public List<Said> latest(int most) {
    return List.copyOf(kept.subList(Math.max(0, kept.size() - most), kept.size()));
  }

  public static boolean isOver(@Nullable Long until, long minute) {
    return until == null || until <= minute;
  }
}

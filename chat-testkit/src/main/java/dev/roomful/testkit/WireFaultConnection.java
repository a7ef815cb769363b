package dev.roomful.testkit;

import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one connection of a {@link WireFaultClient} sent and received. Compares each text with what
 * the client knows already; the rest is compared by {@link WireFaultCheck}.
 */
final class WireFaultConnection {
  /** A text that was received, and when. */
  record Event(long nanos, String text) {}

  final String client;
  final int number;
  final boolean resuming;
  private final @Nullable Position since;

  // Guarded by this.
  private @Nullable Position start;
  private String secret = "";
  private boolean resumed;
  private boolean recovered;
  private int ended; // the code of the close frame, 1006 without one, 0 if it is open
  private final List<String> sent = new ArrayList<>();
  private final List<String> mustNotArrive = new ArrayList<>();
  private final List<Event> messages = new ArrayList<>();
  private final List<Event> directs = new ArrayList<>();
  private final List<Event> notices = new ArrayList<>();
  private final Set<String> members = new TreeSet<>();
  private final List<Event> contradictions = new ArrayList<>();

  /**
   * Creates a record of a connection that is about to be opened.
   *
   * @param resuming whether it shows a secret
   * @param since the position after which it wants messages, or null
   */
  WireFaultConnection(String client, int number, boolean resuming, @Nullable Position since) {
    this.client = client;
    this.number = number;
    this.resuming = resuming;
    this.since = since;
  }

  /** {@return the reason in the close frame of the client} */
  String closeReason() {
    return client + "-" + number;
  }

  synchronized void sending(String text) {
    sent.add(WireFaultRoom.digest(text));
  }

  /** A text is sent although another connection has taken the place of this one. */
  synchronized void sendingLate(String text) {
    mustNotArrive.add(WireFaultRoom.digest(text));
  }

  synchronized void receive(String text) {
    if (text.startsWith(WireFaultRoom.WELCOME)) {
      readWelcome(text.split("\\|", -1));
      return;
    }
    Event event = new Event(System.nanoTime(), WireFaultRoom.digest(text));
    if (start == null) {
      contradict("before the welcome message: " + event.text);
    } else if (text.startsWith(WireFaultRoom.MESSAGE)) {
      messages.add(event);
    } else if (text.startsWith(WireFaultRoom.DIRECT)) {
      directs.add(new Event(event.nanos, text)); // has a digest of a message
    } else if (text.startsWith(WireFaultRoom.JOINED) || text.startsWith(WireFaultRoom.LEFT)) {
      String member = text.substring(1);
      notices.add(event);
      boolean news =
          text.startsWith(WireFaultRoom.JOINED) ? members.add(member) : members.remove(member);
      if (!news) {
        contradict("a notice of what it knew already: " + text);
      }
    } else {
      contradict("an unexpected text: " + event.text);
    }
  }

  private void readWelcome(String[] parts) {
    if (start != null) {
      contradict("a second welcome message");
    }
    secret = parts[1];
    Position newest = Position.parse(parts[2]).orElseThrow();
    resumed = Boolean.parseBoolean(parts[3]);
    recovered = Boolean.parseBoolean(parts[4]);
    start = recovered && since != null ? since : newest;
    if (recovered && newest.offset() - start.offset() != Integer.parseInt(parts[5])) {
      contradict("a replay of " + parts[5] + " from " + start + " to " + newest);
    }
    members.addAll(List.of(parts[6].split(",")));
  }

  /** Remembers that something was received, or happened, that is wrong. */
  synchronized void contradict(String what) {
    contradictions.add(new Event(System.nanoTime(), what));
  }

  synchronized void end(int code) {
    if (ended == 0) {
      ended = code;
    }
  }

  synchronized int ended() {
    return ended;
  }

  synchronized boolean isOpen() {
    return start != null && ended == 0;
  }

  synchronized boolean isResumed() {
    return resumed;
  }

  /** {@return the position before the first message, or null without a welcome message} */
  synchronized @Nullable Position start() {
    return start;
  }

  /** {@return the position of the last message, which the client counts, or null as of start} */
  synchronized @Nullable Position position() {
    return start == null ? null : new Position(start.epoch(), start.offset() + messages.size());
  }

  synchronized String secret() {
    return secret;
  }

  synchronized List<String> sent() {
    return List.copyOf(sent);
  }

  synchronized List<String> mustNotArrive() {
    return List.copyOf(mustNotArrive);
  }

  synchronized List<Event> messages() {
    return List.copyOf(messages);
  }

  synchronized List<Event> directs() {
    return List.copyOf(directs);
  }

  synchronized List<Event> notices() {
    return List.copyOf(notices);
  }

  synchronized List<Event> contradictions() {
    return List.copyOf(contradictions);
  }

  /** {@return who is in the room, as far as the client knows} */
  synchronized Set<String> members() {
    return new TreeSet<>(members);
  }

  @Override
  public synchronized String toString() {
    return "connection "
        + number
        + " of "
        + client
        + (start == null ? "" : " from " + start.offset())
        + (resumed ? ", resumed" : "")
        + (recovered ? ", recovered" : "")
        + (ended == 0 ? "" : ", ended with " + ended);
  }
}

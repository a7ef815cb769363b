package dev.roomful.redis;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client of a {@link FaultStory}, and what it received. */
final class FaultClient {
  static final String WELCOME = "welcome|";
  static final String DIRECT = "direct ";
  static final String JOINED = "+";
  static final String LEFT = "-";

  final int number;
  final int step;
  final String id;
  final String room;
  final int node;
  private final FaultNode host;
  private final @Nullable Position since;

  private @Nullable CloseStatus status;

  /** The position after which it receives messages, or null before the welcome message. */
  private @Nullable Position start;

  private String resumeSecret = "";
  private final List<String> messages = new ArrayList<>();
  private final List<String> directs = new ArrayList<>();
  private final Set<String> members = new TreeSet<>();

  /** Texts that contradict what the client knew, which must not happen. */
  private final List<String> contradictions = new ArrayList<>();

  /** Whether its connection was lost and no other client took its place. */
  private boolean suspended;

  FaultClient(
      int number,
      int step,
      String id,
      String room,
      int node,
      FaultNode host,
      @Nullable Position since) {
    this.number = number;
    this.step = step;
    this.id = id;
    this.room = room;
    this.node = node;
    this.host = host;
    this.since = since;
  }

  /**
   * Connects.
   *
   * @param secret that of the client whose session it resumes, or empty
   */
  void open(String secret) {
    int client = number;
    String participant = id;
    String roomName = room;
    String position = since == null ? null : since.toString();
    host.tell(chat -> chat.open(client, participant, roomName, position, secret));
  }

  void send(String text) {
    if (isOpen()) {
      int client = number;
      host.tell(chat -> chat.text(client, text));
    }
  }

  void leave() {
    end(CloseStatus.NORMAL);
  }

  void loseConnection() {
    synchronized (this) {
      suspended = status == null;
    }
    end(CloseStatus.LOST);
  }

  private void end(CloseStatus newStatus) {
    synchronized (this) {
      if (status != null) {
        return;
      }
      status = newStatus;
    }
    int client = number;
    int code = newStatus.code();
    host.tell(chat -> chat.closed(client, code));
  }

  /** Loses the connection because the node has ended: no code of it runs. */
  synchronized void nodeKilled() {
    suspended = status == null;
    closed(CloseStatus.LOST);
  }

  /** The node has closed the connection. */
  synchronized void closed(CloseStatus newStatus) {
    if (status == null) {
      status = newStatus;
    }
  }

  /** Another client takes its place. */
  synchronized void resumed() {
    suspended = false;
  }

  synchronized boolean canResume() {
    return suspended && !resumeSecret.isEmpty();
  }

  synchronized boolean isOpen() {
    return status == null;
  }

  synchronized @Nullable CloseStatus status() {
    return status;
  }

  synchronized @Nullable Position start() {
    return start;
  }

  synchronized String resumeSecret() {
    return resumeSecret;
  }

  synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  synchronized List<String> directs() {
    return List.copyOf(directs);
  }

  /** {@return who is in the room, as far as this client knows} */
  synchronized Set<String> members() {
    return new TreeSet<>(members);
  }

  synchronized List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** The connection has carried a text to the client. */
  synchronized void receive(String text) {
    if (status != null) {
      return;
    }
    if (text.startsWith(WELCOME)) {
      readWelcome(text.split("\\|", -1));
    } else if (text.startsWith(DIRECT)) {
      directs.add(text);
    } else if (text.startsWith(JOINED) || text.startsWith(LEFT)) {
      String member = text.substring(1);
      boolean news = text.startsWith(JOINED) ? members.add(member) : members.remove(member);
      if (!news) {
        contradictions.add(text);
      }
    } else if (text.startsWith("#")) {
      messages.add(text);
    } // Else it is the reason of a rejection.
  }

  private void readWelcome(String[] parts) {
    if (start != null) {
      contradictions.add("a second welcome message");
    }
    boolean recovered = Boolean.parseBoolean(parts[3]);
    start = recovered && since != null ? since : new Position(parts[1], Long.parseLong(parts[2]));
    resumeSecret = parts[4];
    members.addAll(List.of(parts[5].split(",")));
  }

  @Override
  public String toString() {
    return id + "'s client of step " + step + " in " + room + " on node " + node;
  }
}

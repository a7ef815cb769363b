package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client of a {@link FaultStory}, and what it received. */
final class FaultClient implements Connection {
  static final String WELCOME = "welcome|";
  static final String DIRECT = "direct ";
  static final String JOINED = "+";
  static final String LEFT = "-";

  final int step;
  final String id;
  final String room;
  final int node;
  private final @Nullable Position since;

  private @Nullable Receiver receiver;
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

  FaultClient(int step, String id, String room, int node, @Nullable Position since) {
    this.step = step;
    this.id = id;
    this.room = room;
    this.node = node;
    this.since = since;
  }

  void open(Chat chat, AcceptedAdmission admission) {
    Receiver opened = Gateway.of(chat).open(admission, this);
    CloseStatus closedWith;
    synchronized (this) {
      receiver = opened;
      closedWith = status;
    }
    if (closedWith != null) {
      opened.closed(closedWith.code(), closedWith.reason());
    }
  }

  void send(String text) {
    Receiver current;
    synchronized (this) {
      current = status == null ? receiver : null;
    }
    if (current != null) {
      current.text(text);
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

  /** Loses the connection because the server's process has ended: no code of it runs. */
  synchronized void nodeKilled() {
    receiver = null;
    suspended = status == null;
    if (status == null) {
      status = CloseStatus.LOST;
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

  private void receive(String text) {
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
  public void write(Batch batch, Completion completion) {
    synchronized (this) {
      for (int i = 0; i < batch.size() && status == null; i++) {
        receive(batch.frame(i).text());
      }
    }
    completion.succeeded();
  }

  @Override
  public void ping(Completion completion) {
    completion.succeeded();
    Receiver current;
    synchronized (this) {
      current = status == null ? receiver : null;
    }
    if (current != null) {
      current.pong();
    }
  }

  @Override
  public void close(int code, String reason) {
    end(new CloseStatus(code, reason));
  }

  @Override
  public void abort() {
    end(CloseStatus.LOST);
  }

  private void end(CloseStatus newStatus) {
    Receiver current;
    synchronized (this) {
      if (status != null) {
        return;
      }
      status = newStatus;
      current = receiver;
    }
    if (current != null) {
      current.closed(newStatus.code(), newStatus.reason());
    }
  }

  @Override
  public String toString() {
    return id + "'s client of step " + step + " in " + room + " on node " + node;
  }
}

package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@link RollingRestartTest}. It connects to some other node when its connection ends,
 * resumes there, and sends again what was not acknowledged.
 */
final class RestartClient {
  static final String WELCOME = "welcome|";
  static final String ACCEPTED = "accepted ";
  static final String REJECTED = "rejected ";
  static final String MESSAGE = "#";

  private static final int RETRY_MILLIS = 50;

  final String id;
  final String room;
  private final RestartNodes nodes;
  private final boolean comesBack;

  /** Held while it sends, so that its messages keep their order when it sends them again. */
  private final Object sending = new Object();

  private @Nullable Session session;
  private @Nullable Position start;
  private String secret = "";
  private int sent;
  private final Set<String> unacknowledged = new LinkedHashSet<>();
  private final List<String> messages = new ArrayList<>();
  private final List<String> joined = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Long> outages = new ArrayList<>();
  private int rejections;
  private long lostAt;

  RestartClient(String id, String room, RestartNodes nodes, boolean comesBack) {
    this.id = id;
    this.room = room;
    this.nodes = nodes;
    this.comesBack = comesBack;
  }

  /** Connects to a node, for the first time. */
  void connect(int node) {
    Chat chat = nodes.chat(node).orElseThrow();
    new Session().open(chat, AcceptedAdmission.of(id, room));
  }

  private void connectAgain() {
    Chat chat = nodes.chat(ThreadLocalRandom.current().nextInt(nodes.count())).orElse(null);
    if (chat == null) {
      connectLater(); // nobody listens there
      return;
    }
    AcceptedAdmission admission;
    synchronized (this) {
      admission =
          start == null
              ? AcceptedAdmission.of(id, room)
              : AcceptedAdmission.of(id, room)
                  .withReplay(
                      HistoryRange.since(
                          new Position(start.epoch(), start.offset() + messages.size())))
                  .withResumeSecret(secret);
    }
    new Session().open(chat, admission);
  }

  private void connectLater() {
    nodes.later(RETRY_MILLIS, this::connectAgain);
  }

  /** Publishes a message. */
  void publish() {
    synchronized (sending) {
      String text;
      synchronized (this) {
        text = MESSAGE + id + "-" + ++sent;
        unacknowledged.add(text);
      }
      send(text);
    }
  }

  private void send(String text) {
    Session current;
    synchronized (this) {
      current = session;
    }
    if (current != null) {
      current.send(text);
    }
  }

  private void sendAgain(String text) {
    synchronized (sending) {
      boolean pending;
      synchronized (this) {
        pending = unacknowledged.contains(text);
      }
      if (pending) {
        send(text);
      }
    }
  }

  synchronized boolean isConnected() {
    return session != null && start != null && lostAt == 0;
  }

  synchronized int sent() {
    return sent;
  }

  synchronized int acknowledged() {
    return sent - unacknowledged.size();
  }

  synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  synchronized List<String> joined() {
    return List.copyOf(joined);
  }

  synchronized void forgetJoined() {
    joined.clear();
  }

  synchronized List<String> left() {
    return List.copyOf(left);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** {@return how long it was without a connection, in milliseconds, each time} */
  synchronized List<Long> outages() {
    return List.copyOf(outages);
  }

  synchronized int rejections() {
    return rejections;
  }

  private synchronized void receive(String text) {
    if (text.startsWith(MESSAGE)) {
      messages.add(text);
    } else if (text.startsWith(ACCEPTED)) {
      unacknowledged.remove(text.substring(ACCEPTED.length()));
    } else if (text.startsWith(REJECTED)) {
      rejections++;
      nodes.later(RETRY_MILLIS, () -> sendAgain(text.substring(REJECTED.length())));
    } else if (text.startsWith(WELCOME)) {
      readWelcome(text.split("\\|", -1));
    } else if (text.startsWith(FaultClient.JOINED)) {
      joined.add(text.substring(FaultClient.JOINED.length()));
    } else if (text.startsWith(FaultClient.LEFT)) {
      left.add(text.substring(FaultClient.LEFT.length()));
    } else {
      problems.add("received " + text);
    }
  }

  private void readWelcome(String[] parts) {
    if (start == null) {
      start = new Position(parts[1], Long.parseLong(parts[2]));
    } else if (!Boolean.parseBoolean(parts[3])) {
      problems.add("has to reload the room");
    }
    secret = parts[4];
    if (lostAt != 0) {
      outages.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lostAt));
      lostAt = 0;
    }
  }

  private void ended(CloseStatus status) {
    synchronized (this) {
      session = null;
      if (lostAt == 0) {
        lostAt = System.nanoTime();
      }
      if (status.code() != CloseStatus.RESTART.code() && status.code() != CloseStatus.LOST.code()) {
        problems.add("closed with " + status);
      }
    }
    if (comesBack) {
      connectLater();
    }
  }

  @Override
  public String toString() {
    return id + " in " + room;
  }

  /** One connection. */
  private final class Session implements Connection {
    private @Nullable Receiver receiver;
    private @Nullable CloseStatus status;

    void open(Chat chat, AcceptedAdmission admission) {
      Receiver opened = Gateway.of(chat).open(admission, this);
      synchronized (sending) {
        List<String> again = List.of();
        CloseStatus closedWith;
        synchronized (RestartClient.this) {
          receiver = opened;
          closedWith = status;
          if (closedWith == null) {
            session = this;
            again = List.copyOf(unacknowledged);
          }
        }
        if (closedWith == null) {
          again.forEach(this::send);
          return;
        }
        opened.closed(closedWith.code(), closedWith.reason());
      }
      ended(Session.this.status);
    }

    void send(String text) {
      Receiver open;
      synchronized (RestartClient.this) {
        open = status == null ? receiver : null;
      }
      if (open != null) {
        open.text(text);
      }
    }

    @Override
    public void write(Batch batch, Completion completion) {
      for (int i = 0; i < batch.size(); i++) {
        receive(batch.frame(i).text());
      }
      completion.succeeded();
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
      Receiver open;
      synchronized (RestartClient.this) {
        open = status == null ? receiver : null;
      }
      if (open != null) {
        open.pong();
      }
    }

    @Override
    public void close(int code, String reason) {
      CloseStatus closedWith = new CloseStatus(code, reason);
      Receiver open;
      synchronized (RestartClient.this) {
        if (status != null) {
          return;
        }
        status = closedWith;
        open = receiver;
      }
      if (open != null) {
        open.closed(code, reason);
        ended(closedWith);
      }
    }

    @Override
    public void abort() {
      close(CloseStatus.LOST.code(), CloseStatus.LOST.reason());
    }
  }
}

package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import dev.roomful.transport.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A chat with one room. The connections of its members complete each write at once. */
final class BenchmarkRoom implements AutoCloseable {
  /** The name of the room. */
  static final String ROOM = "room";

  /** A message of a typical length. */
  static final String TEXT = "All members receive all messages in the same order";

  /** The maximum number of unwritten messages: more than a busy server has in a batch. */
  private static final int MAX_BACKLOG = 64;

  final Room room;
  final Participant publisher;
  private final Chat chat;
  private final AtomicLong announced = new AtomicLong();
  private final List<CountingConnection> countingConnections = new ArrayList<>();
  private @Nullable Message recorded;

  /** Creates a room with members whose ids are 0, 1, 2 and so on. The first one publishes. */
  BenchmarkRoom(int members, BroadcastPolicy policy, @Nullable Scheduler scheduler) {
    this(members, policy, scheduler, List.of());
  }

  /** Creates such a room in a chat with observers. */
  BenchmarkRoom(
      int members,
      BroadcastPolicy policy,
      @Nullable Scheduler scheduler,
      List<ChatObserver> observers) {
    Chat.Builder builder =
        Chat.builder(new MessageRecorder())
            .limits(Limits.defaults().withMessagesPerSecond(0))
            .rooms(RoomOptions.defaults().withPolicy(policy));
    observers.forEach(builder::observer);
    chat = (scheduler == null ? builder : Scheduler.install(scheduler, builder)).build();
    List<Receiver> receivers = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      receivers.add(
          join(
              Integer.toString(i),
              scheduler == null ? nextConnection() : new DiscardingConnection()));
    }
    room = chat.room(ROOM).orElseThrow();
    publisher = chat.participant("0").orElseThrow();
    receivers.get(0).text(TEXT);
  }

  /** Adds a member. */
  Receiver join(String id) {
    return join(id, new DiscardingConnection());
  }

  private Receiver join(String id, DiscardingConnection connection) {
    return join(Gateway.of(chat), AcceptedAdmission.of(id, ROOM), connection);
  }

  /** Opens a connection that completes each write at once. */
  static Receiver join(Gateway gateway, AcceptedAdmission admission) {
    return join(gateway, admission, new DiscardingConnection());
  }

  private static Receiver join(
      Gateway gateway, AcceptedAdmission admission, DiscardingConnection connection) {
    Receiver receiver = gateway.open(admission, connection);
    connection.receiver = receiver;
    return receiver;
  }

  /** Announces a message, and waits while the write loops are too far behind. */
  @SuppressWarnings("ThreadPriorityCheck") // a write loop may need this processor
  void announceWithBackpressure() {
    room.announce(TEXT);
    long announcedSoFar = announced.incrementAndGet();
    for (CountingConnection connection : countingConnections) {
      while (announcedSoFar - connection.frames.get() > MAX_BACKLOG) {
        Thread.yield();
      }
    }
  }

  /** Counts for one connection of each write loop. Connections are assigned to them in turn. */
  private DiscardingConnection nextConnection() {
    if (countingConnections.size() == Runtime.getRuntime().availableProcessors()) {
      return new DiscardingConnection();
    }
    CountingConnection connection = new CountingConnection();
    countingConnections.add(connection);
    return connection;
  }

  /** {@return the message that the first member sent, to be published again} */
  Message recordedMessage() {
    return Objects.requireNonNull(recorded, "no message has been received");
  }

  @Override
  public void close() {
    chat.close();
  }

  private final class MessageRecorder implements RoomHandler {
    @Override
    public void onMessage(Room messageRoom, Message message) {
      recorded = message;
    }
  }

  /** Completes within the call, like a server whose socket buffer has room. */
  private static class DiscardingConnection implements Connection {
    private @Nullable Receiver receiver;

    @Override
    public void write(Batch batch, Completion completion) {
      completion.succeeded();
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
    }

    @Override
    public void close(int code, String reason) {
      if (receiver != null) {
        receiver.closed(code, reason);
      }
    }

    @Override
    public void abort() {}
  }

  private static final class CountingConnection extends DiscardingConnection {
    private final AtomicLong frames = new AtomicLong();

    @Override
    public void write(Batch batch, Completion completion) {
      frames.addAndGet(batch.size());
      super.write(batch, completion);
    }
  }
}

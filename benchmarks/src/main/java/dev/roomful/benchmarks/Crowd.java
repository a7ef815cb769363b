package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Engine;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A chat with one room, full of members whose connections take everything at once. */
final class Crowd implements AutoCloseable {
  /** The room in which everybody is. */
  static final String ROOM = "room";

  /** As long as what people say. */
  static final String TEXT = "What one says, all in the room hear, in one order.";

  /** So many messages may wait to be written: more than a busy server has in a batch. */
  private static final int AHEAD = 64;

  final Room room;
  final Participant speaker;
  private final Chat chat;
  private final AtomicLong announced = new AtomicLong();
  private final List<CountingSink> counted = new ArrayList<>();
  private @Nullable Message said;

  /** A crowd of so many members, with the ids 0, 1, 2 and so on; the first one speaks. */
  Crowd(int members, BroadcastPolicy policy, @Nullable Engine engine) {
    Chat.Builder builder =
        Chat.builder(new Remembering())
            .limits(Limits.defaults().rate(0, 0))
            .rooms(RoomOptions.defaults().policy(policy));
    chat = (engine == null ? builder : builder.engine(engine)).build();
    List<Receiver> receivers = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      receivers.add(enter(Integer.toString(i), engine == null ? countedSink() : new Sink()));
    }
    room = chat.room(ROOM).orElseThrow();
    speaker = chat.participant("0").orElseThrow();
    receivers.get(0).text(TEXT);
  }

  /** Lets one more in. */
  Receiver enter(String id) {
    return enter(id, new Sink());
  }

  private Receiver enter(String id, Sink sink) {
    return enter(chat.gateway(), Entry.of(id, ROOM), sink);
  }

  /** Lets somebody in whose connection takes everything at once. */
  static Receiver enter(Gateway gateway, Entry entry) {
    return enter(gateway, entry, new Sink());
  }

  private static Receiver enter(Gateway gateway, Entry entry, Sink sink) {
    Receiver receiver = gateway.open(entry, sink);
    sink.receiver = receiver;
    return receiver;
  }

  /** Announces, but no faster than lanes on threads of their own can write it. */
  @SuppressWarnings("ThreadPriorityCheck") // lanes may need this very processor
  void announceInStep() {
    room.announce(TEXT);
    long mine = announced.incrementAndGet();
    for (CountingSink sink : counted) {
      while (mine - sink.frames.get() > AHEAD) {
        Thread.yield();
      }
    }
  }

  /** One for each lane, to which connections are dealt out in turn. */
  private Sink countedSink() {
    if (counted.size() == Runtime.getRuntime().availableProcessors()) {
      return new Sink();
    }
    CountingSink sink = new CountingSink();
    counted.add(sink);
    return sink;
  }

  /** What the speaker once said, to be said again. */
  Message said() {
    return Objects.requireNonNull(said, "nothing was said");
  }

  @Override
  public void close() {
    chat.close();
  }

  private final class Remembering implements RoomHandler {
    @Override
    public void onMessage(Room where, Message message) {
      said = message;
    }
  }

  /** Completes within the call, as a server does whose socket has room. */
  private static class Sink implements Connection {
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

  private static final class CountingSink extends Sink {
    private final AtomicLong frames = new AtomicLong();

    @Override
    public void write(Batch batch, Completion completion) {
      frames.addAndGet(batch.size());
      super.write(batch, completion);
    }
  }
}

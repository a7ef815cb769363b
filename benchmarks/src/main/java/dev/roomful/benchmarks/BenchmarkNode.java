package dev.roomful.benchmarks;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.redis.RedisCluster;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A chat that is measured, alone or as a node of a cluster, with members in this JVM. */
final class BenchmarkNode implements AutoCloseable {
  /** What is published: a text of 256 bytes. */
  static final Payload MESSAGE = Payload.text("x".repeat(256));

  /** How many messages of a publisher are on their way at a time. */
  static final int IN_FLIGHT = 256;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final @Nullable RedisCluster engine;
  private final Chat chat;
  private final Semaphore joined = new Semaphore(0);

  /**
   * Starts a chat.
   *
   * @param redis the address of the Redis that its nodes share, or null for a chat of one node
   */
  BenchmarkNode(@Nullable String redis) {
    engine = redis == null ? null : RedisCluster.connect(redis).withKeyPrefix("benchmark");
    Chat.Builder builder =
        Chat.builder(
                new RoomHandler() {
                  @Override
                  public void onJoin(Room room, Participant participant) {
                    joined.release();
                  }
                })
            .limits(Limits.defaults().withMessagesPerSecond(0))
            .rooms(RoomOptions.defaults().withHistory(History.of(1000).withBytes(8 << 20)));
    chat = engine == null ? builder.build() : builder.cluster(engine).build();
  }

  /** A member that counts what it receives. */
  static final class Member implements Connection {
    private final LongAdder frames = new LongAdder();
    private volatile Runnable onFrame = () -> {};

    /** {@return how many messages it has received} */
    long frames() {
      return frames.sum();
    }

    /** Has an action run after each batch of messages. */
    void onFrame(Runnable action) {
      onFrame = action;
    }

    @Override
    public void write(Batch batch, Completion completion) {
      frames.add(batch.size());
      onFrame.run();
      completion.succeeded();
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
    }

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }

  Room room(String name) {
    return chat.room(name).orElseThrow();
  }

  /** Joins a room with one participant, and waits for that. */
  Member join(String room, String id) throws InterruptedException {
    return join(room, id, 1).get(0);
  }

  /** Joins a room with many new participants at once, and waits for them. */
  List<Member> join(String room, String prefix, int count) throws InterruptedException {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Member member = new Member();
      members.add(member);
      Gateway.of(chat).open(AcceptedAdmission.of(prefix + i, room), member);
    }
    if (!joined.tryAcquire(count, TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(count + " participants have not joined room " + room);
    }
    return members;
  }

  /** Publishes to a room for a time, as fast as it accepts messages; returns how many. */
  long publishFor(String roomName, Duration time) throws InterruptedException {
    Room room = room(roomName);
    Semaphore slots = new Semaphore(IN_FLIGHT);
    long end = System.nanoTime() + time.toNanos();
    long published = 0;
    while (System.nanoTime() < end) {
      slots.acquire();
      var unused = room.announce(MESSAGE).whenComplete((position, failure) -> slots.release());
      published++;
    }
    slots.acquire(IN_FLIGHT);
    return published;
  }

  /** Ends what others see of the node, as the end of its process does. */
  void kill() {
    if (engine != null) {
      engine.close();
    }
  }

  @Override
  public void close() {
    chat.close();
  }
}

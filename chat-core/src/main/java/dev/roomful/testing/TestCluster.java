package dev.roomful.testing;

import dev.roomful.Chat;
import dev.roomful.Room;
import dev.roomful.internal.room.LiveRoom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Several chats that are one cluster, for unit tests, on a simulated engine in one thread. {@link
 * TestChat#cluster} creates it.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestChat.cluster(2, new MyHandler())) {
 *   TestClient alice = cluster.node(0).connect("lobby", "alice");
 *   TestClient bob = cluster.node(1).connect("lobby", "bob");
 *   cluster.node(1).cutOff();
 *   alice.send("hello");
 *   cluster.node(1).heal();
 *   assertEquals(List.of("alice: hello"), bob.received());
 * }
 * }</pre>
 *
 * <p><b>Delivery.</b> Everything that travels between nodes and engine waits until it is delivered.
 * Each call of a method of {@link TestCluster}, {@link TestNode} or {@link TestClient} delivers
 * everything, unless {@link #pauseDelivery} or {@link #shuffle} was called. A call that has to wait
 * for the engine, such as {@link dev.roomful.Room#kick} or {@link TestNode#connect}, delivers what
 * it needs; if nothing is left to deliver, the clock moves, up to the timeout of the call.
 *
 * <p><b>Time.</b> All nodes and the engine have one clock, which begins on 2026-01-01. {@link
 * #advance} moves it.
 *
 * <p><b>Determinism.</b> The same calls with the same seed have the same effects in the same order,
 * if the handler has no threads, clocks or random numbers of its own. For one thread.
 */
public final class TestCluster implements AutoCloseable {
  /** Within which nodes find out that the log of a room is another one than they know. */
  private static final Duration COMPARE_INTERVAL = Duration.ofSeconds(30);

  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedServer server = new SimulatedServer(network);
  private final List<TestNode> nodes;
  private boolean rewound;

  TestCluster(int size, IntFunction<Chat.Builder> builders) {
    if (size < 1) {
      throw new IllegalArgumentException("a cluster of " + size + " nodes: use at least 1");
    }
    nodes = IntStream.range(0, size).mapToObj(i -> new TestNode(i, server, builders)).toList();
    network.deliver();
  }

  /**
   * Runs a story many times, each time on a new cluster and in another order of delivery, to find
   * an order in which it fails. The story calls {@link #deliver} before it checks something.
   *
   * @param schedules how many times; the seeds are 1, 2 and so on
   * @param clusters creates a cluster
   * @param story the calls and the checks
   * @throws AssertionError if the story fails; the message names the seed, with which {@link
   *     #shuffle} repeats the order
   */
  public static void explore(
      int schedules, Supplier<TestCluster> clusters, Consumer<TestCluster> story) {
    for (int seed = 1; seed <= schedules; seed++) {
      try (TestCluster cluster = clusters.get()) {
        cluster.shuffle(seed);
        story.accept(cluster);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "the story fails with seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  /**
   * Returns a node.
   *
   * @param index its number, from 0
   * @return the node
   */
  public TestNode node(int index) {
    return nodes.get(index);
  }

  /** {@return the number of nodes, crashed ones included} */
  public int size() {
    return nodes.size();
  }

  /**
   * From now on chooses at random what is delivered next, and each call delivers a random part.
   * What the engine keeps in order stays in order. Also duplicates some entries, as engines may.
   *
   * @param seed the same seed makes the same choices
   */
  public void shuffle(long seed) {
    network.shuffle(seed);
  }

  /** From now on delivers only by {@link #deliver}, {@link #deliverNext} and calls that wait. */
  public void pauseDelivery() {
    network.pauseDelivery();
  }

  /** Ends the effect of {@link #pauseDelivery}. */
  public void resumeDelivery() {
    network.resumeDelivery();
  }

  /** Delivers everything that is on its way, and what that causes. */
  public void deliver() {
    network.deliver();
  }

  /**
   * Delivers one thing.
   *
   * @return false if nothing was on its way
   */
  public boolean deliverNext() {
    return network.deliverNext();
  }

  /**
   * Moves the clock forward; deadlines that pass have their effect.
   *
   * @param time how far
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration time) {
    network.advance(time);
  }

  /** Stops the engine until {@link #startEngine}. What is on its way is lost. */
  public void stopEngine() {
    server.stop();
    network.afterCall();
  }

  /** Starts the engine again, with the data that it had; the nodes connect to it. */
  public void startEngine() {
    server.start();
    network.afterCall();
  }

  /** Saves the data of the engine for {@link #rewind}. */
  public void save() {
    server.save();
  }

  /**
   * Restarts the engine with the data of the last {@link #save}, or without any: what was appended
   * since then is lost.
   */
  public void rewind() {
    rewound = true;
    server.rewind();
    network.afterCall();
  }

  /** {@return what was delivered and what happened to the nodes, oldest first, to be printed} */
  public List<String> trace() {
    return network.trace();
  }

  SimulatedNetwork network() {
    return network;
  }

  SimulatedServer server() {
    return server;
  }

  /**
   * Delivers everything, compares what the nodes know, and closes the chats that have not crashed,
   * in the order of their nodes. After {@link #rewind}, moves the clock by 30 s first: within this
   * time each node finds out that the log of a room is another one than it knows.
   *
   * @throws AssertionError if nodes that reach the engine have different states of a room, which is
   *     a defect of the library; the chats are closed nevertheless
   */
  @Override
  public void close() {
    network.resumeDelivery();
    try {
      network.deliver();
      if (rewound) {
        network.advance(COMPARE_INTERVAL);
      }
      requireAgreement(digests());
    } finally {
      nodes.forEach(TestNode::close);
    }
  }

  /** {@return the digests of the rooms by name and by node that reaches the engine} */
  Map<String, Map<String, String>> digests() {
    Map<String, Map<String, String>> digests = new TreeMap<>();
    for (TestNode node : nodes) {
      if (node.isConnected()) {
        for (Room room : node.chat().rooms()) {
          digests
              .computeIfAbsent(room.name(), name -> new TreeMap<>())
              .put(node.toString(), ((LiveRoom) room).stateDigest());
        }
      }
    }
    return digests;
  }

  static void requireAgreement(Map<String, Map<String, String>> digests) {
    digests.forEach(
        (room, states) -> {
          if (new HashSet<>(states.values()).size() > 1) {
            throw new AssertionError("the nodes disagree on the room " + room + ": " + states);
          }
        });
  }
}

package dev.roomful.testing;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A chat for unit tests: real rooms, policies, outboxes and limits, without a server.
 *
 * <pre>{@code
 * try (TestChat chat = TestChat.of(new MyHandler())) {
 *   TestClient alice = chat.connect("lobby", "alice");
 *   TestClient bob = chat.connect("lobby", "bob");
 *   alice.send("hello");
 *   assertEquals(List.of("alice: hello"), bob.received());
 * }
 * }</pre>
 *
 * <p>Everything that a call causes has happened when the call returns, on the caller's thread:
 * nothing is asynchronous, and each run gives the same result. Only {@link #advance} moves the
 * clock.
 */
public final class TestChat implements AutoCloseable {
  private final Chat chat;
  private final Consumer<Duration> clock;
  private final Delivery delivery;

  private TestChat(Chat.Builder builder) {
    TestScheduler scheduler = new TestScheduler();
    this.clock = scheduler::advance;
    this.delivery = Delivery.IMMEDIATE;
    this.chat = Scheduler.install(scheduler, builder).build();
  }

  /** Creates the chat of one node of a cluster. */
  TestChat(Chat.Builder builder, Scheduler scheduler, Consumer<Duration> clock, Delivery delivery) {
    this.clock = clock;
    this.delivery = delivery;
    this.chat = Scheduler.install(scheduler, builder).build();
  }

  /**
   * Returns a chat with default settings.
   *
   * @param handler the handler to test
   * @return the chat
   */
  public static TestChat of(RoomHandler handler) {
    return new TestChat(Chat.builder(handler));
  }

  /**
   * Returns a chat with the application's own settings.
   *
   * @param builder a configured builder
   * @return the chat
   */
  public static TestChat of(Chat.Builder builder) {
    return new TestChat(builder);
  }

  /**
   * Returns a cluster of chats with default settings.
   *
   * @param nodes the number of chats
   * @param handler the handler to test, which all of them share
   * @return the cluster
   */
  public static TestCluster cluster(int nodes, RoomHandler handler) {
    return new TestCluster(nodes, index -> Chat.builder(handler));
  }

  /**
   * Returns a cluster of chats with the application's own settings.
   *
   * @param nodes the number of chats
   * @param builders returns a new configured builder for the node of a number from 0, and again
   *     when the node restarts
   * @return the cluster
   */
  public static TestCluster cluster(int nodes, IntFunction<Chat.Builder> builders) {
    return new TestCluster(nodes, builders);
  }

  /**
   * Returns the chat under test, to look at its rooms and participants.
   *
   * @return the chat
   */
  public Chat chat() {
    return chat;
  }

  /**
   * Connects a client to a room, without calling the authenticator.
   *
   * @param room the room's name
   * @param id the participant's id; clients with the same id are one participant
   * @return the client
   */
  public TestClient connect(String room, String id) {
    return connect(AcceptedAdmission.of(id, room));
  }

  /**
   * Connects a client with an admission, without calling the authenticator.
   *
   * @param admission who it is, and which room it joins
   * @return the client; already closed if it could not join
   */
  public TestClient connect(AcceptedAdmission admission) {
    return connect(admission, Optional.empty());
  }

  TestClient connect(AcceptedAdmission admission, Optional<String> remoteAddress) {
    return TestClient.open(Gateway.of(chat), admission, remoteAddress, delivery);
  }

  /**
   * Connects a client with a handshake, which the authenticator has to accept.
   *
   * @param handshake the handshake, such as a {@link TestHandshake}
   * @return the client
   * @throws IllegalStateException if the handshake is rejected; {@link #admit} returns the
   *     rejection
   */
  public TestClient connect(Handshake handshake) {
    return connect(accepted(admit(handshake)), handshake.remoteAddress());
  }

  /** {@return an admission that is accepted; fails for a rejection} */
  static AcceptedAdmission accepted(Admission admission) {
    if (admission instanceof Rejection rejection) {
      throw new IllegalStateException("refused: " + rejection);
    }
    return (AcceptedAdmission) admission;
  }

  /**
   * Checks a handshake by origin, authenticator and limits, without connecting.
   *
   * @param handshake the handshake
   * @return an admission or a rejection
   */
  public Admission admit(Handshake handshake) {
    return Gateway.of(chat).admit(handshake);
  }

  /**
   * Moves the clock forward; deadlines that pass have their effect.
   *
   * @param time how far
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration time) {
    clock.accept(time);
  }

  /** Closes the chat; waiting for slow clients moves the clock instead. */
  @Override
  public void close() {
    chat.close();
  }
}

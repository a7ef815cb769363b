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

/**
 * A chat for unit tests: real rooms, policies, outboxes and limits, without a server.
 *
 * <pre>{@code
 * try (TestChat chat = TestChat.of(new MyHandler())) {
 *   TestClient alice = chat.enter("lobby", "alice");
 *   TestClient bob = chat.enter("lobby", "bob");
 *   alice.say("hello");
 *   assertEquals(List.of("alice: hello"), bob.heard());
 * }
 * }</pre>
 *
 * <p>Everything that a call causes has happened when the call returns, on the caller's thread:
 * nothing is asynchronous, and two runs are alike. Time stands still until {@link #advance} moves
 * it.
 */
public final class TestChat implements AutoCloseable {
  private final Chat chat;
  private final TestScheduler scheduler;

  private TestChat(Chat.Builder builder) {
    this.scheduler = new TestScheduler();
    this.chat = Scheduler.install(scheduler, builder).build();
  }

  /**
   * A chat with the defaults.
   *
   * @param handler the logic under test
   * @return the chat
   */
  public static TestChat of(RoomHandler handler) {
    return new TestChat(Chat.builder(handler));
  }

  /**
   * A chat with the application's own settings.
   *
   * @param builder configured, but not built
   * @return the chat
   */
  public static TestChat of(Chat.Builder builder) {
    return new TestChat(builder);
  }

  /**
   * The chat itself, to ask about rooms and participants.
   *
   * @return the chat
   */
  public Chat chat() {
    return chat;
  }

  /**
   * Lets a new connection into a room, past the doorman.
   *
   * @param room the room's name
   * @param id the participant's id; a second connection with the same id is another tab of it
   * @return its client
   */
  public TestClient connect(String room, String id) {
    return connect(AcceptedAdmission.of(id, room));
  }

  /**
   * Lets a new connection in, past the doorman.
   *
   * @param admission who, as whom and where
   * @return its client; already closed if there was no place
   */
  public TestClient connect(AcceptedAdmission admission) {
    return TestClient.open(Gateway.of(chat), admission);
  }

  /**
   * Knocks at the doorman, and goes in if it may.
   *
   * @param handshake what the client asks for, such as a {@link TestHandshake}
   * @return its client
   * @throws IllegalStateException if the handshake is refused; {@link #admit} tells why without
   */
  public TestClient connect(Handshake handshake) {
    Admission admission = admit(handshake);
    if (admission instanceof Rejection rejection) {
      throw new IllegalStateException("refused: " + rejection);
    }
    return connect((AcceptedAdmission) admission);
  }

  /**
   * Asks what the origin check, the doorman and the limits say to a handshake, and leaves it at
   * that.
   *
   * @param handshake what the client asks for
   * @return an entry or a refusal
   */
  public Admission admit(Handshake handshake) {
    return Gateway.of(chat).admit(handshake);
  }

  /**
   * Moves the clock; deadlines that pass meanwhile have their effect.
   *
   * @param time how far
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration time) {
    scheduler.advance(time);
  }

  /** Closes the chat; waiting for slow clients moves the clock instead. */
  @Override
  public void close() {
    chat.close();
  }
}

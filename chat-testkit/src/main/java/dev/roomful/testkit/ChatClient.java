package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of a chat without a server: reads at once, answers pings, and records what it gets. */
final class ChatClient implements Connection {
  private final List<String> received = new ArrayList<>();
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus status;

  private ChatClient() {}

  static ChatClient open(Chat chat, String room, String id) {
    ChatClient client = new ChatClient();
    Receiver receiver = Gateway.of(chat).open(AcceptedAdmission.of(id, room), client);
    CloseStatus closedWith;
    synchronized (client) {
      client.receiver = receiver;
      closedWith = client.status;
    }
    if (closedWith != null) {
      receiver.closed(closedWith.code(), closedWith.reason());
    }
    return client;
  }

  void send(String text) {
    Receiver current;
    synchronized (this) {
      current = receiver;
    }
    if (current == null) {
      throw new IllegalStateException("not open yet");
    }
    current.text(text);
  }

  /** {@return all texts in the order in which they came} */
  synchronized List<String> received() {
    return List.copyOf(received);
  }

  /** {@return how the chat closed the connection, or null while it is open} */
  synchronized @Nullable CloseStatus status() {
    return status;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    synchronized (this) {
      for (int i = 0; i < batch.size(); i++) {
        received.add(batch.frame(i).text());
      }
    }
    completion.succeeded();
  }

  @Override
  public void ping(Completion completion) {
    completion.succeeded();
    Receiver current;
    synchronized (this) {
      current = receiver;
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
}

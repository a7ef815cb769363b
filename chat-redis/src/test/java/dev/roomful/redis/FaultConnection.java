package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import org.jspecify.annotations.Nullable;

/** The node's end of the connection of a {@link FaultClient}. */
final class FaultConnection implements Connection {
  private final int client;
  private final FaultChat.Reports reports;
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus status;

  FaultConnection(int client, FaultChat.Reports reports) {
    this.client = client;
    this.reports = reports;
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

  void text(String text) {
    Receiver open = open();
    if (open != null) {
      open.text(text);
    }
  }

  /** The client has closed it, or is lost. */
  void closedByClient(int code) {
    end(new CloseStatus(code, ""));
  }

  private synchronized @Nullable Receiver open() {
    return status == null ? receiver : null;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      reports.received(client, batch.frame(i).text());
    }
    completion.succeeded();
  }

  @Override
  public void ping(Completion completion) {
    completion.succeeded();
    Receiver open = open();
    if (open != null) {
      open.pong();
    }
  }

  @Override
  public void close(int code, String reason) {
    reports.closed(client, code, reason);
    end(new CloseStatus(code, reason));
  }

  @Override
  public void abort() {
    close(CloseStatus.LOST.code(), CloseStatus.LOST.reason());
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

package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import java.util.List;

/** A connection that records the frame objects that it receives. */
public final class FrameRecorder implements Connection {
  private final List<Object> frames;

  public FrameRecorder(List<Object> frames) {
    this.frames = frames;
  }

  public void connect(Chat chat, String id) {
    Gateway.of(chat).open(AcceptedAdmission.of(id, "lobby"), this);
  }

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      frames.add(batch.frame(i));
    }
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

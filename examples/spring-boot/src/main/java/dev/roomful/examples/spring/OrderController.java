package dev.roomful.examples.spring;

import dev.roomful.Chat;
import dev.roomful.admission.Position;
import java.util.concurrent.CompletionStage;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Publishes to a room from outside of the chat. An application with a database injects {@code
 * AfterCommitPublisher} instead, so that nobody reads of an order that was rolled back.
 */
@RestController
class OrderController {
  private final Chat chat;

  OrderController(Chat chat) {
    this.chat = chat;
  }

  @PostMapping("/orders/{id}/shipped")
  CompletionStage<Position> shipped(@PathVariable int id) {
    return chat.publish("orders", "Order " + id + " has shipped");
  }
}

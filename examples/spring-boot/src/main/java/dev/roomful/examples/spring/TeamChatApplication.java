package dev.roomful.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A team's chat: who has logged in talks in the rooms {@code lobby} and {@code orders}, and the
 * staff in {@code staff}. Start it, open http://localhost:8080 in two browsers, and log in as ann
 * and as bob, with the password {@code secret}.
 */
@SpringBootApplication
public class TeamChatApplication {
  public static void main(String[] args) {
    SpringApplication.run(TeamChatApplication.class, args);
  }
}

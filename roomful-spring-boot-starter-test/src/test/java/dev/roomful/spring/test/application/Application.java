package dev.roomful.spring.test.application;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application that a slice is cut of. */
@SpringBootApplication
public class Application {}
